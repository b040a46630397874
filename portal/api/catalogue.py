"""The page of open data and its files (DCAT in schema.org's words)."""

from __future__ import annotations

import base64
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, jsonify, render_template, request, send_file

from portal.api import snapshots
from portal.api.datasets import BY_NAME, DATASETS, Dataset
from portal.api.schemas import DIALECT, obj, several
from portal.api.snapshots import FORMATS, Snapshot
from portal.core.errors import NotFound
from portal.core.settings import Settings, current_settings
from portal.core.web.sharing import Sharing
from portal.core.web.structured import Thing, agency_reference, moment, thing
from portal.procedures.export import LICENCE_PATH, about

blueprint = Blueprint("open_data", __name__, url_prefix="/du-lieu-mo")
Json = dict[str, Any]
TYPES = {"csv": "text/csv", "json": "application/json", "jsonld": "application/ld+json"}
FORMAT_NAMES = {"csv": "CSV", "json": "JSON", "jsonld": "JSON-LD"}


@blueprint.get("/")
def index() -> str:
    """All sets with their files, hashes, dates and terms."""
    settings, snapshot = current_settings(), snapshots.current()
    return render_template(
        "api/open_data.html",
        datasets=DATASETS,
        snapshot=snapshot,
        formats=FORMAT_NAMES,
        sharing=Sharing(things=[_catalogue(settings, snapshot)]),
    )


@blueprint.get("/<name>.<any('csv', 'json', 'jsonld'):kind>")
def data(name: str, kind: str) -> Response:
    """A file of the newest snapshot; its hash stands in `Repr-Digest` (RFC 9530)."""
    snapshot = snapshots.current()
    if name not in BY_NAME or snapshot is None or name not in snapshot.datasets:
        raise NotFound(name)
    file = snapshot.datasets[name].files[kind]
    path = snapshots.path_of(snapshot, name, kind)
    packed = bool(request.accept_encodings.quality("gzip")) and "Range" not in request.headers
    response = send_file(
        path.with_name(f"{path.name}.gz") if packed else path, mimetype=TYPES[kind],
        as_attachment=True, download_name=f"{name}-{snapshot.moment:%Y-%m-%d}.{kind}",
        etag=f"{file.sha256[:32]}{'-gz' if packed else ''}", last_modified=snapshot.moment,
        conditional=True,
    )  # fmt: skip
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    else:
        digest = base64.b64encode(bytes.fromhex(file.sha256)).decode()
        response.headers["Repr-Digest"] = f"sha-256=:{digest}:"
    response.vary.add("Accept-Encoding")
    licence = current_settings().address(LICENCE_PATH)
    response.headers["Link"] = f'<{licence}>; rel="license", <{_schema(name)}>; rel="describedby"'
    return response


@blueprint.get("/<name>.schema.json")
def schema(name: str) -> Response:
    """What a JSON file of the set holds (JSON Schema 2020-12)."""
    dataset, settings = _known(name), current_settings()
    head = {key: {"type": "string"} for key in about(settings, name)}
    whole = obj({**head, "items": several(dataset.schema)})
    identity = {"$schema": DIALECT, "$id": _schema(name), "title": dataset.title}
    return _described({**identity, "description": dataset.description, **whole})


@blueprint.get("/<name>.csv-metadata.json")
def table(name: str) -> Response:
    """What the columns of a CSV file of the set are (W3C CSV on the Web)."""
    dataset = _known(name)
    columns = [
        {"name": column.name, "titles": {"vi": [column.title, column.name]}, "datatype": "string"}
        for column in dataset.columns
    ]
    return _described(
        {
            "@context": ["http://www.w3.org/ns/csvw", {"@language": "vi"}],
            "url": current_settings().address(f"/du-lieu-mo/{name}.csv"),
            "dc:title": dataset.title,
            "dc:license": {"@id": current_settings().address(LICENCE_PATH)},
            "tableSchema": {"columns": columns},
        }
    )


def _known(name: str) -> Dataset:
    if name not in BY_NAME:
        raise NotFound(name)
    return BY_NAME[name]


def _described(content: Json) -> Response:
    response = jsonify(content)
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


def _schema(name: str) -> str:
    return current_settings().address(f"/du-lieu-mo/{name}.schema.json")


def _catalogue(settings: Settings, snapshot: Snapshot | None) -> Thing:
    made = snapshot.moment if snapshot else None
    return thing(
        "DataCatalog", settings.address("/du-lieu-mo/"),
        name=f"Dữ liệu mở – {settings.site.agency.name}",
        publisher=agency_reference(settings), inLanguage="vi", dateModified=moment(made),
        license=settings.address(LICENCE_PATH),
        dataset=[_dataset(settings, dataset, made) for dataset in DATASETS],
    )  # fmt: skip


def _dataset(settings: Settings, dataset: Dataset, made: datetime | None) -> Thing:
    address = settings.address(f"/du-lieu-mo/{dataset.name}")
    files = [
        thing("DataDownload", encodingFormat=TYPES[kind], contentUrl=f"{address}.{kind}")
        for kind in FORMATS
    ]
    return thing(
        "Dataset", settings.address(f"/du-lieu-mo/#{dataset.name}"), name=dataset.title,
        description=dataset.description, license=settings.address(LICENCE_PATH),
        creator=agency_reference(settings), isAccessibleForFree=True, dateModified=moment(made),
        distribution=files if made else [],
    )  # fmt: skip
