"""The list of rooms: their doors (blueprints), commands and what they lend to rooms below."""

from __future__ import annotations

from click import Command
from flask import Blueprint, Flask

from portal.accounts import access, audit_desk, own_desk, saved_views_desk, second_step_desk, units
from portal.accounts import commands as accounts_commands
from portal.accounts import desk as accounts_desk
from portal.accounts import public as accounts
from portal.api import catalogue, open_data_commands
from portal.api import public as api
from portal.articles import commands as article_commands
from portal.articles import desk_routes as articles_desk
from portal.articles import media_use as article_media
from portal.articles import plan_evidence as article_evidence
from portal.articles import prefill as article_prefill
from portal.articles import preview_public as article_previews
from portal.articles import public as articles
from portal.articles import queries as article_queries
from portal.articles import search as article_documents
from portal.articles import targets as article_targets
from portal.boards import desk as boards_desk
from portal.boards import notices_desk
from portal.core.settings import Settings
from portal.directory import desk as directory_desk
from portal.directory import public as directory
from portal.directory import queries as directory_queries
from portal.directory import search as directory_documents
from portal.directory import standing as directory_standing
from portal.directory import take_away as directory_take_away
from portal.evidence import desk as evidence_desk
from portal.evidence import queries as evidence_queries
from portal.feedback import commands as feedback_commands
from portal.feedback import desk_register as feedback_register
from portal.feedback import desk_routes as feedback_desk
from portal.feedback import desk_templates as feedback_templates
from portal.feedback import helping as feedback_help
from portal.feedback import neighbours as feedback_neighbours
from portal.feedback import public as feedback
from portal.feedback import queries as feedback_queries
from portal.feedback import receipts as feedback_receipts
from portal.feedback import reporting as feedback_reporting
from portal.feedback import search_documents as feedback_documents
from portal.feedback import sending as feedback_sending
from portal.feedback import tracking as feedback_tracking
from portal.links import desk as links_desk
from portal.media import desk_routes as media_desk
from portal.media import public as media
from portal.ops import commands as ops_commands
from portal.ops import public as ops
from portal.pages import public as pages
from portal.pages import search as page_documents
from portal.plan import desk as plan_desk
from portal.plan import public as plan
from portal.plan import topics as plan_topics
from portal.procedures import announced_public as announced
from portal.procedures import commands as procedure_commands
from portal.procedures import desk as procedures_desk
from portal.procedures import desk_parts as procedure_parts_desk
from portal.procedures import documents as procedure_documents
from portal.procedures import files as procedure_files
from portal.procedures import imports_desk
from portal.procedures import legal as procedure_legal
from portal.procedures import likely as likely_procedures
from portal.procedures import neighbours as procedure_neighbours
from portal.procedures import public as procedures
from portal.procedures import queries as procedure_queries
from portal.procedures import records as procedure_records
from portal.procedures.posting import desk as posting_desk
from portal.procedures.posting import public as posting
from portal.search import commands as search_commands
from portal.search import service as search
from portal.site import (
    banners,
    banners_desk,
    desk_menu,
    freshness,
    guide,
    guide_desk,
    handover_desk,
    preferences,
    preferences_desk,
)
from portal.site import desk as site_desk
from portal.site import machines as site_machines
from portal.site import public as site_public
from portal.site import share as site_share
from portal.subscriptions import desk as subscriptions_desk
from portal.subscriptions import public as subscriptions
from portal.vocabulary import desk as vocabulary_desk

DOORS: tuple[Blueprint, ...] = (
    site_public.blueprint,
    site_machines.blueprint,
    site_share.blueprint,
    site_desk.blueprint,
    banners_desk.blueprint,
    preferences_desk.blueprint,
    guide_desk.blueprint,
    api.blueprint,
    catalogue.blueprint,
    articles.blueprint,
    articles_desk.blueprint,
    article_previews.blueprint,
    procedures.blueprint,
    procedure_records.blueprint,
    posting.blueprint,
    posting_desk.blueprint,
    announced.blueprint,
    subscriptions.blueprint,
    subscriptions_desk.blueprint,
    procedures_desk.blueprint,
    imports_desk.blueprint,
    procedure_parts_desk.blueprint,
    feedback.blueprint,
    feedback_sending.blueprint,
    feedback_receipts.blueprint,
    feedback_tracking.blueprint,
    feedback_help.blueprint,
    feedback_reporting.blueprint,
    feedback_desk.blueprint,
    feedback_register.blueprint,
    feedback_templates.blueprint,
    directory.blueprint,
    directory_take_away.blueprint,
    directory_desk.blueprint,
    plan.blueprint,
    plan_desk.blueprint,
    evidence_desk.blueprint,
    boards_desk.blueprint,
    notices_desk.blueprint,
    links_desk.blueprint,
    pages.blueprint,
    media.blueprint,
    media_desk.blueprint,
    vocabulary_desk.blueprint,
    accounts.blueprint,
    accounts_desk.blueprint,
    own_desk.blueprint,
    second_step_desk.blueprint,
    handover_desk.blueprint,
    audit_desk.blueprint,
    saved_views_desk.blueprint,
    ops.blueprint,
)
COMMANDS: tuple[Command, ...] = (
    accounts_commands.group,
    article_commands.resanitise_command,
    procedure_commands.group,
    feedback_commands.group,
    search_commands.group,
    open_data_commands.group,
    *ops_commands.COMMANDS,
)


def register(app: Flask) -> None:
    """Open every room in `app`."""
    settings: Settings = app.extensions["settings"]
    access.init_app(app, settings)
    search.init_app(app, settings)
    for kept in (preferences, banners):
        kept.init_app(app)
    for blueprint in DOORS:
        app.register_blueprint(blueprint)
    for command in COMMANDS:
        app.cli.add_command(command)
    _lend(app)
    app.jinja_env.globals["desk_menu"] = desk_menu.menu
    app.jinja_env.globals["guide_address"] = guide.address_for


def _lend(app: Flask) -> None:
    """What rooms above give to rooms below, which may not import them."""
    for documents in (
        procedure_documents, article_documents, feedback_documents, directory_documents,
        page_documents, procedure_legal,
    ):  # fmt: skip
        documents.register()
    freshness.lend(app)
    directory_standing.lend(app)
    article_media.register()
    procedure_files.register()
    article_evidence.lend(app)
    plan_topics.lend(app, article_queries.topic_names)
    plan_topics.register()
    evidence_queries.register(app)
    article_prefill.lend(app, procedure_queries.name_of)
    article_targets.register("/thu-tuc/", procedure_queries.name_of)
    article_targets.register("/trang/", pages.title_of)
    units.lend(app, directory_queries.unit_names)
    feedback_neighbours.lend_procedures(
        app, procedure_queries.card_of, likely_procedures.likely, procedure_queries.names_of
    )
    procedure_neighbours.lend(
        app,
        procedure_neighbours.Lent(
            feedback_queries.published_about, article_queries.about_procedure
        ),
    )
