"""An article as machines read it. Its author is the unit or the agency: no person is named."""

from __future__ import annotations

from datetime import datetime

from portal.articles.models import KIND_NAMES, Article, Kind, Topic
from portal.articles.questions import questions_of
from portal.core.html import plain_text
from portal.core.settings import Settings
from portal.core.web import sharing
from portal.core.web.sharing import Card, Sharing
from portal.core.web.structured import Thing, agency_reference, moment, thing
from portal.media.models import MediaFile

CARD, TOPIC_CARD = "bai-viet", "chu-de"


def of_article(settings: Settings, article: Article) -> Sharing:
    """What the page of an article tells. Needs topic, unit and cover."""
    return Sharing(
        card=card(article), things=[_news(settings, article), *_faq(settings, article)],
        is_article=True,
        published=article.publish_at, modified=_modified(article),
        section=article.topic.name if article.topic else "",
    )  # fmt: skip


def card(article: Article) -> Card:
    """The picture of an article's page."""
    return Card(CARD, article.slug, KIND_NAMES[Kind(article.kind)], article.title)


def topic_card(topic: Topic) -> Card:
    """The picture of a topic's page."""
    return Card(TOPIC_CARD, topic.slug, "Cải cách hành chính", topic.name)


def _news(settings: Settings, article: Article) -> Thing:
    address = settings.address(article.url)
    return thing(
        "NewsArticle", address + "#bai-viet",
        mainEntityOfPage=address,
        url=address,
        headline=article.title,
        description=article.summary,
        datePublished=moment(article.publish_at),
        dateModified=moment(_modified(article)),
        author=_author(settings, article),
        publisher=agency_reference(settings),
        image=_images(settings, article),
        articleSection=article.topic.name if article.topic else None,
        wordCount=len(plain_text(article.body).split()),
        inLanguage="vi",
        isAccessibleForFree=True,
    )  # fmt: skip


def _faq(settings: Settings, article: Article) -> list[Thing]:
    """What an article of questions holds: the agency asks and answers, so it is a FAQPage."""
    found = questions_of(article.body) if article.kind == Kind.QUESTIONS else ()
    answered = [
        thing("Question", name=one.question, acceptedAnswer=thing("Answer", text=one.answer))
        for one in found
    ]
    address = settings.address(article.url)
    return [thing("FAQPage", address, url=address, mainEntity=answered)] if answered else []


def _modified(article: Article) -> datetime | None:
    return article.modified_at


def _author(settings: Settings, article: Article) -> Thing:
    unit = article.unit
    if unit is None:
        return agency_reference(settings)
    return thing(
        "GovernmentOrganization", name=unit.name, url=settings.address(f"/don-vi/{unit.code}")
    )


def _images(settings: Settings, article: Article) -> list[Thing]:
    own = [_cover(settings, article.cover)] if article.cover and article.cover.width else []
    drawn = thing(
        "ImageObject", url=settings.address(card(article).path(settings)),
        width=sharing.WIDTH, height=sharing.HEIGHT,
    )  # fmt: skip
    return [*own, drawn]


def _cover(settings: Settings, cover: MediaFile) -> Thing:
    width = cover.widths[-1]
    return thing(
        "ImageObject", url=settings.address(cover.address(f"{width}.jpg")), width=width,
        height=cover.variant_height(width), caption=cover.alt, creditText=cover.credit,
    )  # fmt: skip
