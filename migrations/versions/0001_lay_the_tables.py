"""Lay the tables

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


APPEND_ONLY = "the audit log is append only"


def upgrade() -> None:
    op.create_table(
        "announcement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=120), nullable=False),
        sa.Column("issuer", sa.String(length=300), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("certainty", sa.String(length=30), nullable=False),
        sa.Column("content_digest", sa.String(), nullable=True),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcement")),
        sa.UniqueConstraint("number", "issuer", name=op.f("uq_announcement_number")),
    )
    with op.batch_alter_table("announcement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_announcement_issued_on"), ["issued_on"], unique=False)

    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event", sa.String(length=60), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("object_kind", sa.String(length=40), nullable=False),
        sa.Column("object_id", sa.String(length=80), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("request_id", sa.String(length=40), nullable=False),
        sa.Column("chain", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_entry_actor_id"), ["actor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entry_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entry_event"), ["event"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entry_object_id"), ["object_id"], unique=False)

    op.create_table(
        "legal_basis",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=200), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("issuer", sa.String(length=300), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_basis")),
        sa.UniqueConstraint("number", name=op.f("uq_legal_basis_number")),
    )
    op.create_table(
        "letter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recipient", sa.String(length=254), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
    )
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_letter_due_at"), ["due_at"], unique=False)

    op.create_table(
        "page",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("updated_on", sa.Date(), nullable=True),
        sa.Column("footer", sa.Boolean(), nullable=False),
        sa.Column("sort_order", sa.Integer(), nullable=False),
        sa.Column("content_digest", sa.String(), nullable=True),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page")),
        sa.UniqueConstraint("slug", name=op.f("uq_page_slug")),
    )
    op.create_table(
        "plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("issuer", sa.String(length=200), nullable=False),
        sa.Column("signed_by", sa.String(length=200), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("goals", sa.JSON(), nullable=False),
        sa.Column("reporting", sa.JSON(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_url", sa.String(length=500), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("content_digest", sa.String(), nullable=True),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("status IN ('draft', 'issued')", name=op.f("ck_plan_status")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
        sa.UniqueConstraint("code", name=op.f("uq_plan_code")),
    )
    with op.batch_alter_table("plan", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_year"), ["year"], unique=False)

    op.create_table(
        "procedure_field",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=90), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("code", sa.String(length=30), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_procedure_field")),
        sa.UniqueConstraint("key", name=op.f("uq_procedure_field_key")),
    )
    with op.batch_alter_table("procedure_field", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_procedure_field_position"), ["position"], unique=False)

    op.create_table(
        "search_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_change")),
    )
    with op.batch_alter_table("search_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_search_change_due_at"), ["due_at"], unique=False)

    op.create_table(
        "topic",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("description", sa.String(length=300), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("parent_slug", sa.String(length=80), nullable=True),
        sa.Column("content_digest", sa.String(), nullable=True),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic")),
        sa.UniqueConstraint("slug", name=op.f("uq_topic_slug")),
    )
    op.create_table(
        "unit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("short_name", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("parent", sa.String(length=80), nullable=True),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("website", sa.String(length=300), nullable=False),
        sa.Column("duties", sa.Text(), nullable=False),
        sa.Column("sort_order", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content_digest", sa.String(), nullable=True),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("certainty", sa.String(length=20), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "certainty IN ('verified', 'found', 'unverified')", name=op.f("ck_unit_certainty")
        ),
        sa.CheckConstraint(
            "kind IN ('leadership', 'office', 'branch', 'service_center', 'center', 'hospital', 'regional_center', 'station', 'school', 'other')",
            name=op.f("ck_unit_kind"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        sa.UniqueConstraint("code", name=op.f("uq_unit_code")),
    )
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_unit_sort_order"), ["sort_order"], unique=False)

    op.create_table(
        "user_account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_account")),
        sa.UniqueConstraint("email", name=op.f("uq_user_account_email")),
    )
    op.create_table(
        "announcement_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("announcement_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('new', 'amended', 'replaced', 'abolished')",
            name=op.f("ck_announcement_change_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["announcement_id"],
            ["announcement.id"],
            name=op.f("fk_announcement_change_announcement_id_announcement"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcement_change")),
    )
    with op.batch_alter_table("announcement_change", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_announcement_change_announcement_id"), ["announcement_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_announcement_change_code"), ["code"], unique=False)

    op.create_table(
        "feedback",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("code_hmac", sa.String(length=64), nullable=False),
        sa.Column("form_key", sa.String(length=64), nullable=False),
        sa.Column("text_hash", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("subject", sa.String(length=150), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("procedure_code", sa.String(length=40), nullable=True),
        sa.Column("about_unit_code", sa.String(length=80), nullable=True),
        sa.Column("channel", sa.String(length=30), nullable=False),
        sa.Column("held_for_check", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=30), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("unit_code", sa.String(length=80), nullable=True),
        sa.Column("assignee_id", sa.Integer(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("forwarded_to", sa.String(length=200), nullable=True),
        sa.Column("refusal", sa.String(length=30), nullable=True),
        sa.Column("closing_note", sa.Text(), nullable=True),
        sa.Column("public_subject", sa.String(length=150), nullable=True),
        sa.Column("public_question", sa.Text(), nullable=True),
        sa.Column("public_answer", sa.Text(), nullable=True),
        sa.Column("public_folded", sa.Text(), nullable=True),
        sa.Column("prepared_by", sa.Integer(), nullable=True),
        sa.Column("published_by", sa.Integer(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("channel IN ('web')", name=op.f("ck_feedback_channel")),
        sa.CheckConstraint(
            "kind IN ('complaint', 'suggestion', 'question', 'praise')",
            name=op.f("ck_feedback_kind"),
        ),
        sa.CheckConstraint(
            "published_at IS NULL OR (state = 'answered' AND public_subject IS NOT NULL AND public_question IS NOT NULL AND public_answer IS NOT NULL)",
            name=op.f("ck_feedback_copy_of_published"),
        ),
        sa.CheckConstraint(
            "state <> 'answered' OR (answer IS NOT NULL AND answered_at IS NOT NULL)",
            name=op.f("ck_feedback_answer_of_answered"),
        ),
        sa.CheckConstraint(
            "state IN ('received', 'assigned', 'answered', 'forwarded', 'refused')",
            name=op.f("ck_feedback_state"),
        ),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["user_account.id"], name=op.f("fk_feedback_answered_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["assignee_id"], ["user_account.id"], name=op.f("fk_feedback_assignee_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["prepared_by"], ["user_account.id"], name=op.f("fk_feedback_prepared_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["published_by"],
            ["user_account.id"],
            name=op.f("fk_feedback_published_by_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback")),
        sa.UniqueConstraint("code_hmac", name=op.f("uq_feedback_code_hmac")),
        sa.UniqueConstraint("form_key", name=op.f("uq_feedback_form_key")),
        sa.UniqueConstraint("public_id", name=op.f("uq_feedback_public_id")),
    )
    with op.batch_alter_table("feedback", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_feedback_assignee_id"), ["assignee_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_feedback_published_at"), ["published_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_feedback_received_at"), ["received_at"], unique=False)
        batch_op.create_index("ix_feedback_state_due_on", ["state", "due_on"], unique=False)
        batch_op.create_index(
            "ix_feedback_text_hash_received_at", ["text_hash", "received_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_feedback_unit_code"), ["unit_code"], unique=False)

    op.create_table(
        "hotline",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("purposes", sa.JSON(), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("hours", sa.String(length=200), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("answered_by", sa.String(length=200), nullable=False),
        sa.Column("unit_code", sa.String(length=80), nullable=True),
        sa.Column("scope", sa.String(length=20), nullable=False),
        sa.Column("checked_by", sa.String(length=120), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("sort_order", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content_digest", sa.String(), nullable=True),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("certainty", sa.String(length=20), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "certainty IN ('verified', 'found', 'unverified')", name=op.f("ck_hotline_certainty")
        ),
        sa.CheckConstraint("scope IN ('agency', 'national')", name=op.f("ck_hotline_scope")),
        sa.ForeignKeyConstraint(
            ["unit_code"], ["unit.code"], name=op.f("fk_hotline_unit_code_unit")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hotline")),
        sa.UniqueConstraint("key", name=op.f("uq_hotline_key")),
    )
    with op.batch_alter_table("hotline", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hotline_sort_order"), ["sort_order"], unique=False)
        batch_op.create_index(batch_op.f("ix_hotline_unit_code"), ["unit_code"], unique=False)

    op.create_table(
        "leader",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("position", sa.String(length=160), nullable=False),
        sa.Column("unit_code", sa.String(length=80), nullable=True),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("sort_order", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content_digest", sa.String(), nullable=True),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("certainty", sa.String(length=20), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "certainty IN ('verified', 'found', 'unverified')", name=op.f("ck_leader_certainty")
        ),
        sa.ForeignKeyConstraint(
            ["unit_code"], ["unit.code"], name=op.f("fk_leader_unit_code_unit")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leader")),
        sa.UniqueConstraint("key", name=op.f("uq_leader_key")),
    )
    with op.batch_alter_table("leader", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_leader_unit_code"), ["unit_code"], unique=False)

    op.create_table(
        "login_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("device", sa.String(length=120), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_login_session_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_login_session_token_hash")),
    )
    with op.batch_alter_table("login_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_login_session_user_id"), ["user_id"], unique=False)

    op.create_table(
        "media_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("alt", sa.String(length=300), nullable=False),
        sa.Column("credit", sa.String(length=200), nullable=False),
        sa.Column("original_name", sa.String(length=150), nullable=False),
        sa.Column("stored_name", sa.String(length=40), nullable=False),
        sa.Column("extension", sa.String(length=10), nullable=False),
        sa.Column("mime", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("unit_code", sa.String(length=80), nullable=True),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("folded", sa.String(length=700), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind <> 'image' OR (width IS NOT NULL AND height IS NOT NULL)",
            name=op.f("ck_media_file_picture_has_size"),
        ),
        sa.CheckConstraint(
            "kind IN ('image', 'document', 'audio')", name=op.f("ck_media_file_kind")
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["user_account.id"], name=op.f("fk_media_file_author_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media_file")),
        sa.UniqueConstraint("public_id", name=op.f("uq_media_file_public_id")),
        sa.UniqueConstraint("stored_name", name=op.f("uq_media_file_stored_name")),
    )
    with op.batch_alter_table("media_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_media_file_author_id"), ["author_id"], unique=False)
        batch_op.create_index(
            "ix_media_file_list", ["removed_at", "kind", "created_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_media_file_sha256"), ["sha256"], unique=False)
        batch_op.create_index(batch_op.f("ix_media_file_unit_code"), ["unit_code"], unique=False)

    op.create_table(
        "one_time_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("purpose", sa.String(length=10), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(purpose = 'first') = (user_id IS NULL)", name=op.f("ck_one_time_link_owner")
        ),
        sa.CheckConstraint(
            "purpose IN ('invite', 'reset', 'first')", name=op.f("ck_one_time_link_purpose")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_one_time_link_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_one_time_link_token_hash")),
    )
    with op.batch_alter_table("one_time_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_one_time_link_user_id"), ["user_id"], unique=False)

    op.create_table(
        "plan_task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("lead", sa.String(length=200), nullable=False),
        sa.Column("partners", sa.JSON(), nullable=False),
        sa.Column("period", sa.String(length=200), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("product", sa.Text(), nullable=False),
        sa.Column("target", sa.Integer(), nullable=True),
        sa.Column("unit_of_target", sa.String(length=200), nullable=False),
        sa.Column("topics", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content_digest", sa.String(), nullable=True),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_task_plan_id_plan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_task")),
        sa.UniqueConstraint("plan_id", "number", name=op.f("uq_plan_task_plan_id")),
    )
    with op.batch_alter_table("plan_task", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_task_plan_id"), ["plan_id"], unique=False)

    op.create_table(
        "procedure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_folded", sa.Text(), nullable=False),
        sa.Column("name_truncated", sa.Boolean(), nullable=False),
        sa.Column("field_id", sa.Integer(), nullable=False),
        sa.Column("levels", sa.JSON(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("status", sa.String(length=30), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=True),
        sa.Column("effective_to", sa.Date(), nullable=True),
        sa.Column("online_level", sa.String(length=30), nullable=True),
        sa.Column("subjects", sa.JSON(), nullable=False),
        sa.Column("agencies", sa.JSON(), nullable=False),
        sa.Column("keywords", sa.JSON(), nullable=False),
        sa.Column("results", sa.JSON(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("conditions", sa.Text(), nullable=False),
        sa.Column("steps", sa.JSON(), nullable=False),
        sa.Column("decision_number", sa.String(length=120), nullable=False),
        sa.Column("decision_issued_on", sa.Date(), nullable=True),
        sa.Column("decision_issuer", sa.String(length=300), nullable=False),
        sa.Column("source_name", sa.Text(), nullable=False),
        sa.Column("source_url", sa.Text(), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("unit_code", sa.String(length=80), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content_digest", sa.String(), nullable=True),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('standard', 'specific', 'interconnected', 'internal')",
            name=op.f("ck_procedure_kind"),
        ),
        sa.CheckConstraint(
            "online_level IN ('full', 'partial', 'information')",
            name=op.f("ck_procedure_online_level"),
        ),
        sa.CheckConstraint("status IN ('in_force', 'abolished')", name=op.f("ck_procedure_status")),
        sa.CheckConstraint(
            "effective_to >= effective_from", name=op.f("ck_procedure_effective_order")
        ),
        sa.ForeignKeyConstraint(
            ["field_id"], ["procedure_field.id"], name=op.f("fk_procedure_field_id_procedure_field")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_procedure")),
        sa.UniqueConstraint("code", name=op.f("uq_procedure_code")),
    )
    with op.batch_alter_table("procedure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_procedure_field_id"), ["field_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_procedure_status"), ["status"], unique=False)
        batch_op.create_index(batch_op.f("ix_procedure_unit_code"), ["unit_code"], unique=False)
        batch_op.create_index(batch_op.f("ix_procedure_updated_at"), ["updated_at"], unique=False)

    op.create_table(
        "role_grant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=30), nullable=False),
        sa.Column("unit_code", sa.String(length=80), nullable=True),
        sa.CheckConstraint(
            "role IN ('author', 'unit_editor', 'publisher', 'feedback_officer', 'auditor', 'administrator')",
            name=op.f("ck_role_grant_role"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_role_grant_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grant")),
        sa.UniqueConstraint("user_id", "role", "unit_code", name=op.f("uq_role_grant_user_id")),
    )
    with op.batch_alter_table("role_grant", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_role_grant_user_id"), ["user_id"], unique=False)

    op.create_table(
        "article",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("summary", sa.String(length=500), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("rules_version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=True),
        sa.Column("unit_code", sa.String(length=80), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("cover_id", sa.Integer(), nullable=True),
        sa.Column("sources", sa.JSON(), nullable=False),
        sa.Column("pinned", sa.Boolean(), nullable=False),
        sa.Column("folded", sa.String(length=750), nullable=False),
        sa.Column("state", sa.String(length=30), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("publish_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("text_changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("text_by_id", sa.Integer(), nullable=True),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_reason", sa.String(length=500), nullable=False),
        sa.Column("slug_fixed", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("pending_id", sa.Integer(), nullable=True),
        sa.Column("content_digest", sa.String(), nullable=True),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('news', 'feature', 'guide', 'explainer', 'model', 'questions', 'document')",
            name=op.f("ck_article_kind"),
        ),
        sa.CheckConstraint(
            "state <> 'approved' OR publish_at IS NOT NULL",
            name=op.f("ck_article_approved_has_hour"),
        ),
        sa.CheckConstraint(
            "state <> 'withdrawn' OR withdrawn_at IS NOT NULL",
            name=op.f("ck_article_withdrawn_has_hour"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'returned', 'approved', 'withdrawn')",
            name=op.f("ck_article_state"),
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["user_account.id"], name=op.f("fk_article_author_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["cover_id"], ["media_file.id"], name=op.f("fk_article_cover_id_media_file")
        ),
        sa.ForeignKeyConstraint(
            ["pending_id"],
            ["article_revision.id"],
            name=op.f("fk_article_pending_id_article_revision"),
            use_alter=True,
        ),
        sa.ForeignKeyConstraint(
            ["text_by_id"], ["user_account.id"], name=op.f("fk_article_text_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name=op.f("fk_article_topic_id_topic")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article")),
        sa.UniqueConstraint("slug", name=op.f("uq_article_slug")),
    )
    with op.batch_alter_table("article", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_article_author_id"), ["author_id"], unique=False)
        batch_op.create_index("ix_article_changed", ["changed_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_article_cover_id"), ["cover_id"], unique=False)
        batch_op.create_index("ix_article_shown", ["state", "publish_at"], unique=False)
        batch_op.create_index("ix_article_topic", ["topic_id", "state", "publish_at"], unique=False)
        batch_op.create_index("ix_article_unit", ["unit_code", "state"], unique=False)

    op.create_table(
        "dossier_case",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("procedure_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["procedure_id"],
            ["procedure.id"],
            name=op.f("fk_dossier_case_procedure_id_procedure"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier_case")),
    )
    with op.batch_alter_table("dossier_case", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_dossier_case_procedure_id"), ["procedure_id"], unique=False
        )

    op.create_table(
        "feedback_contact",
        sa.Column("feedback_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=True),
        sa.Column("phone", sa.String(length=30), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("consent_version", sa.String(length=30), nullable=False),
        sa.Column("consent_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["feedback_id"],
            ["feedback.id"],
            name=op.f("fk_feedback_contact_feedback_id_feedback"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("feedback_id", name=op.f("pk_feedback_contact")),
    )
    op.create_table(
        "feedback_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("feedback_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event", sa.String(length=30), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "event IN ('received', 'classified', 'assigned', 'answered', 'forwarded', 'refused', 'published', 'unpublished')",
            name=op.f("ck_feedback_event_event"),
        ),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["user_account.id"], name=op.f("fk_feedback_event_actor_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["feedback_id"],
            ["feedback.id"],
            name=op.f("fk_feedback_event_feedback_id_feedback"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback_event")),
    )
    with op.batch_alter_table("feedback_event", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_feedback_event_feedback_id"), ["feedback_id"], unique=False
        )

    op.create_table(
        "feedback_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("feedback_id", sa.Integer(), nullable=False),
        sa.Column("stored_name", sa.String(length=60), nullable=False),
        sa.Column("original_name", sa.String(length=150), nullable=False),
        sa.Column("mime", sa.String(length=60), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["feedback_id"],
            ["feedback.id"],
            name=op.f("fk_feedback_file_feedback_id_feedback"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback_file")),
        sa.UniqueConstraint("stored_name", name=op.f("uq_feedback_file_stored_name")),
    )
    with op.batch_alter_table("feedback_file", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_feedback_file_feedback_id"), ["feedback_id"], unique=False
        )

    op.create_table(
        "procedure_channel",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("procedure_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("time", sa.Numeric(precision=8, scale=2), nullable=True),
        sa.Column("time_unit", sa.String(length=30), nullable=True),
        sa.Column("case_name", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('direct', 'online', 'post')", name=op.f("ck_procedure_channel_kind")
        ),
        sa.CheckConstraint(
            "time_unit IN ('working_day', 'day', 'hour', 'month')",
            name=op.f("ck_procedure_channel_time_unit"),
        ),
        sa.CheckConstraint("time >= 0", name=op.f("ck_procedure_channel_time")),
        sa.ForeignKeyConstraint(
            ["procedure_id"],
            ["procedure.id"],
            name=op.f("fk_procedure_channel_procedure_id_procedure"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_procedure_channel")),
    )
    with op.batch_alter_table("procedure_channel", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_procedure_channel_procedure_id"), ["procedure_id"], unique=False
        )

    op.create_table(
        "procedure_legal_basis",
        sa.Column("procedure_id", sa.Integer(), nullable=False),
        sa.Column("legal_basis_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["legal_basis_id"],
            ["legal_basis.id"],
            name=op.f("fk_procedure_legal_basis_legal_basis_id_legal_basis"),
        ),
        sa.ForeignKeyConstraint(
            ["procedure_id"],
            ["procedure.id"],
            name=op.f("fk_procedure_legal_basis_procedure_id_procedure"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "procedure_id", "legal_basis_id", name=op.f("pk_procedure_legal_basis")
        ),
    )
    with op.batch_alter_table("procedure_legal_basis", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_procedure_legal_basis_legal_basis_id"), ["legal_basis_id"], unique=False
        )

    op.create_table(
        "procedure_old_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("old_code", sa.String(length=8), nullable=False),
        sa.Column("procedure_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["procedure_id"],
            ["procedure.id"],
            name=op.f("fk_procedure_old_code_procedure_id_procedure"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_procedure_old_code")),
        sa.UniqueConstraint(
            "old_code", "procedure_id", name=op.f("uq_procedure_old_code_old_code")
        ),
    )
    with op.batch_alter_table("procedure_old_code", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_procedure_old_code_old_code"), ["old_code"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_procedure_old_code_procedure_id"), ["procedure_id"], unique=False
        )

    op.create_table(
        "article_attachment",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("media_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["article.id"],
            name=op.f("fk_article_attachment_article_id_article"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["media_id"], ["media_file.id"], name=op.f("fk_article_attachment_media_id_media_file")
        ),
        sa.PrimaryKeyConstraint("article_id", "media_id", name=op.f("pk_article_attachment")),
    )
    with op.batch_alter_table("article_attachment", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_article_attachment_media_id"), ["media_id"], unique=False
        )

    op.create_table(
        "article_inline",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("media_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["article.id"],
            name=op.f("fk_article_inline_article_id_article"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["media_id"], ["media_file.id"], name=op.f("fk_article_inline_media_id_media_file")
        ),
        sa.PrimaryKeyConstraint("article_id", "media_id", name=op.f("pk_article_inline")),
    )
    with op.batch_alter_table("article_inline", schema=None) as batch_op:
        batch_op.create_index("ix_article_inline_media_id", ["media_id"], unique=False)

    op.create_table(
        "article_revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("summary", sa.String(length=500), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("text_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["article.id"],
            name=op.f("fk_article_revision_article_id_article"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["author_id"],
            ["user_account.id"],
            name=op.f("fk_article_revision_author_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["text_by_id"],
            ["user_account.id"],
            name=op.f("fk_article_revision_text_by_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_revision")),
        sa.UniqueConstraint("article_id", "number", name=op.f("uq_article_revision_article_id")),
    )
    op.create_table(
        "article_slug",
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["article.id"],
            name=op.f("fk_article_slug_article_id_article"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_article_slug")),
    )
    with op.batch_alter_table("article_slug", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_article_slug_article_id"), ["article_id"], unique=False
        )

    op.create_table(
        "article_task",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("plan_task_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["article.id"],
            name=op.f("fk_article_task_article_id_article"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["plan_task_id"],
            ["plan_task.id"],
            name=op.f("fk_article_task_plan_task_id_plan_task"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("article_id", "plan_task_id", name=op.f("pk_article_task")),
    )
    with op.batch_alter_table("article_task", schema=None) as batch_op:
        batch_op.create_index("ix_article_task_plan_task_id", ["plan_task_id"], unique=False)

    op.create_table(
        "dossier_component",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("originals", sa.Integer(), nullable=False),
        sa.Column("copies", sa.Integer(), nullable=False),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "originals >= 0 AND copies >= 0", name=op.f("ck_dossier_component_counts")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["dossier_case.id"],
            name=op.f("fk_dossier_component_case_id_dossier_case"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier_component")),
    )
    with op.batch_alter_table("dossier_component", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dossier_component_case_id"), ["case_id"], unique=False)

    op.create_table(
        "procedure_fee",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_procedure_fee_amount")),
        sa.CheckConstraint("valid_to >= valid_from", name=op.f("ck_procedure_fee_validity")),
        sa.ForeignKeyConstraint(
            ["channel_id"],
            ["procedure_channel.id"],
            name=op.f("fk_procedure_fee_channel_id_procedure_channel"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_procedure_fee")),
    )
    with op.batch_alter_table("procedure_fee", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_procedure_fee_channel_id"), ["channel_id"], unique=False
        )

    close_the_circle_of_revisions()
    guard_audit_log()


CIRCLE = "fk_article_pending_id_article_revision"


def close_the_circle_of_revisions() -> None:
    """SQLite got this key with its table; elsewhere a table cannot refer to one still to come."""
    if op.get_bind().dialect.name != "sqlite":
        op.create_foreign_key(CIRCLE, "article", "article_revision", ["pending_id"], ["id"])


def open_the_circle_of_revisions() -> None:
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(CIRCLE, "article", type_="foreignkey")


def guard_audit_log() -> None:
    """Nothing but INSERT: not by a mistake of ours, nor by a hasty hand at the database."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER audit_entry_no_{verb.lower()} BEFORE {verb} ON audit_entry "
                f"BEGIN SELECT RAISE(ABORT, '{APPEND_ONLY}'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION audit_entry_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{APPEND_ONLY}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_entry_guard BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_refuse()"
    )


def unguard_audit_log() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("update", "delete"):
            op.execute(f"DROP TRIGGER audit_entry_no_{verb}")
        return
    op.execute("DROP TRIGGER audit_entry_guard ON audit_entry")
    op.execute("DROP FUNCTION audit_entry_refuse()")


def downgrade() -> None:
    unguard_audit_log()
    open_the_circle_of_revisions()
    with op.batch_alter_table("procedure_fee", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_procedure_fee_channel_id"))

    op.drop_table("procedure_fee")
    with op.batch_alter_table("dossier_component", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dossier_component_case_id"))

    op.drop_table("dossier_component")
    with op.batch_alter_table("article_task", schema=None) as batch_op:
        batch_op.drop_index("ix_article_task_plan_task_id")

    op.drop_table("article_task")
    with op.batch_alter_table("article_slug", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_article_slug_article_id"))

    op.drop_table("article_slug")
    op.drop_table("article_revision")
    with op.batch_alter_table("article_inline", schema=None) as batch_op:
        batch_op.drop_index("ix_article_inline_media_id")

    op.drop_table("article_inline")
    with op.batch_alter_table("article_attachment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_article_attachment_media_id"))

    op.drop_table("article_attachment")
    with op.batch_alter_table("procedure_old_code", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_procedure_old_code_procedure_id"))
        batch_op.drop_index(batch_op.f("ix_procedure_old_code_old_code"))

    op.drop_table("procedure_old_code")
    with op.batch_alter_table("procedure_legal_basis", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_procedure_legal_basis_legal_basis_id"))

    op.drop_table("procedure_legal_basis")
    with op.batch_alter_table("procedure_channel", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_procedure_channel_procedure_id"))

    op.drop_table("procedure_channel")
    with op.batch_alter_table("feedback_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_feedback_file_feedback_id"))

    op.drop_table("feedback_file")
    with op.batch_alter_table("feedback_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_feedback_event_feedback_id"))

    op.drop_table("feedback_event")
    op.drop_table("feedback_contact")
    with op.batch_alter_table("dossier_case", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dossier_case_procedure_id"))

    op.drop_table("dossier_case")
    with op.batch_alter_table("article", schema=None) as batch_op:
        batch_op.drop_index("ix_article_unit")
        batch_op.drop_index("ix_article_topic")
        batch_op.drop_index("ix_article_shown")
        batch_op.drop_index(batch_op.f("ix_article_cover_id"))
        batch_op.drop_index("ix_article_changed")
        batch_op.drop_index(batch_op.f("ix_article_author_id"))

    op.drop_table("article")
    with op.batch_alter_table("role_grant", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_role_grant_user_id"))

    op.drop_table("role_grant")
    with op.batch_alter_table("procedure", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_procedure_updated_at"))
        batch_op.drop_index(batch_op.f("ix_procedure_unit_code"))
        batch_op.drop_index(batch_op.f("ix_procedure_status"))
        batch_op.drop_index(batch_op.f("ix_procedure_field_id"))

    op.drop_table("procedure")
    with op.batch_alter_table("plan_task", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plan_task_plan_id"))

    op.drop_table("plan_task")
    with op.batch_alter_table("one_time_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_one_time_link_user_id"))

    op.drop_table("one_time_link")
    with op.batch_alter_table("media_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_media_file_unit_code"))
        batch_op.drop_index(batch_op.f("ix_media_file_sha256"))
        batch_op.drop_index("ix_media_file_list")
        batch_op.drop_index(batch_op.f("ix_media_file_author_id"))

    op.drop_table("media_file")
    with op.batch_alter_table("login_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_login_session_user_id"))

    op.drop_table("login_session")
    with op.batch_alter_table("leader", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_leader_unit_code"))

    op.drop_table("leader")
    with op.batch_alter_table("hotline", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_hotline_unit_code"))
        batch_op.drop_index(batch_op.f("ix_hotline_sort_order"))

    op.drop_table("hotline")
    with op.batch_alter_table("feedback", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_feedback_unit_code"))
        batch_op.drop_index("ix_feedback_text_hash_received_at")
        batch_op.drop_index("ix_feedback_state_due_on")
        batch_op.drop_index(batch_op.f("ix_feedback_received_at"))
        batch_op.drop_index(batch_op.f("ix_feedback_published_at"))
        batch_op.drop_index(batch_op.f("ix_feedback_assignee_id"))

    op.drop_table("feedback")
    with op.batch_alter_table("announcement_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_announcement_change_code"))
        batch_op.drop_index(batch_op.f("ix_announcement_change_announcement_id"))

    op.drop_table("announcement_change")
    op.drop_table("user_account")
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_unit_sort_order"))

    op.drop_table("unit")
    op.drop_table("topic")
    with op.batch_alter_table("search_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_search_change_due_at"))

    op.drop_table("search_change")
    with op.batch_alter_table("procedure_field", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_procedure_field_position"))

    op.drop_table("procedure_field")
    with op.batch_alter_table("plan", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plan_year"))

    op.drop_table("plan")
    op.drop_table("page")
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_letter_due_at"))

    op.drop_table("letter")
    op.drop_table("legal_basis")
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_entry_object_id"))
        batch_op.drop_index(batch_op.f("ix_audit_entry_event"))
        batch_op.drop_index(batch_op.f("ix_audit_entry_at"))
        batch_op.drop_index(batch_op.f("ix_audit_entry_actor_id"))

    op.drop_table("audit_entry")
    with op.batch_alter_table("announcement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_announcement_issued_on"))

    op.drop_table("announcement")
