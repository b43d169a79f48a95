"""What a reference stands for: the page a prefix or URL names, the version a selector picks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, tzinfo
from functools import cache
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import ColumnElement, and_, bindparam, select
from sqlalchemy.engine import RowMapping
from sqlalchemy.orm import Session

from archive.errors import NotFound, UsageError
from archive.models import Instant
from archive.query.rows import table
from archive.query.shown import body_of, shown_by
from archive.references import Reference, Selector, instant_of, reference, version_range
from archive.urls import canonical_url, urlkey

MIN_PREFIX = 4
_ANY = (1 << 62) - 1  # a number that no version has
_How = Literal["first", "last", "number", "at", "content"]


@dataclass(frozen=True, slots=True)
class Resolved:
    """A page, and the versions asked for: none, one, or the two ends of a range."""

    page: RowMapping
    versions: tuple[RowMapping, ...] = ()

    @property
    def last(self) -> RowMapping | None:
        """The last of the versions asked for."""
        return self.versions[-1] if self.versions else None


def resolve(session: Session, ref: str, versions: str | None = None, *, zone: tzinfo | None = None) -> Resolved:
    """The page and versions that `ref` (and a range given apart) names. NotFound says what is near."""
    asked = reference(ref)
    page = find_page(session, asked)
    if versions is not None:
        first, second = version_range(versions)
        return Resolved(page, (find_version(session, page, first, zone), find_version(session, page, second, zone)))
    picked = [choice for choice in (asked.first, asked.second) if choice is not None]
    return Resolved(page, tuple(find_version(session, page, choice, zone) for choice in picked))


def find_page(session: Session, asked: Reference) -> RowMapping:
    """The page of an id's beginning, or of any address it is known by."""
    if "/" in asked.page or "." in asked.page:
        return _by_url(session, asked.page)
    page, portal = table("page"), table("portal")
    prefix = asked.page.lower()
    if len(prefix) < MIN_PREFIX or not all(letter in "0123456789abcdef" for letter in prefix):
        raise NotFound(
            f"no page {asked.page!r}",
            hint=f"a page's id has at least {MIN_PREFIX} hex digits: onrecord list",
            code="page.missing",
        )
    found = session.execute(_beginning(), {"first": prefix, "after": _after(prefix)}).mappings().all()
    if len(found) == 1 or (found and found[0]["key"] == prefix):
        return found[0]
    if found:
        several = ", ".join(row["key"] for row in found[:4])
        raise NotFound(
            f"{asked.page} is the beginning of several ids: {several}", hint="write one more digit", code="page.several"
        )
    near = session.execute(select(page.c.key).join(portal).where(page.c.key.like(f"{prefix[:4]}%")).limit(4)).scalars().all()
    hint = f"there is {', '.join(near)}" if near else "onrecord list shows the ids"
    raise NotFound(f"no page {asked.page}", hint=hint, code="page.missing")


def find_version(session: Session, page: RowMapping, choice: Selector, zone: tzinfo | None = None) -> RowMapping:
    """One version of a page's timeline; a date picks what was last seen at or before it (a day means its end)."""
    if isinstance(choice, date):
        at = instant_of(choice, zone or portal_zone(page["timezone"]))
        found = _picked(session, page, "at", at=at)
        if found is None:
            raise NotFound(
                f"{page['key']} was not seen at or before {choice}", hint=_range(session, page), code="version.missing"
            )
        return found
    if choice in ("first", "last"):
        found = _picked(session, page, "first" if choice == "first" else "last")
    else:
        found = _picked(session, page, "number", n=choice)
    if found is None:
        raise NotFound(f"{page['key']} has no version {choice}", hint=_range(session, page), code="version.missing")
    return found


def version_at(session: Session, ref: str, at: date, *, zone: tzinfo | None = None) -> RowMapping:
    """The version in force at an instant: Memento's TimeGate."""
    return find_version(session, find_page(session, reference(ref)), at, zone)


def last_content(session: Session, page: RowMapping, up_to: int | None = None) -> RowMapping:
    """The newest version that shows content (at or before version `up_to`)."""
    found = _picked(session, page, "content", n=_ANY if up_to is None else up_to)
    if found is None:
        why = "is a listing, of which no versions are made" if page["role"] == "hub" else "never showed anything that was kept"
        raise NotFound(f"{page['key']} {why}", hint=f"onrecord log {page['key']} --all", code="version.missing")
    return found


def two_versions(session: Session, asked: Resolved) -> tuple[RowMapping, RowMapping]:
    """The two versions a comparison is of: as asked; one against the text before it; none: the last change of content."""
    if len(asked.versions) == 2:
        return asked.versions[0], asked.versions[1]
    new = asked.last or last_content(session, asked.page)
    if new["n"] == 1:
        source = _moved_from(session, new)
        if source is not None:
            return source, new
        raise UsageError(f"{asked.page['key']} has one version only", hint=f"onrecord log {asked.page['key']}", code="diff.one")
    return last_content(session, asked.page, new["n"] - 1), new


def _moved_from(session: Session, version: RowMapping) -> RowMapping | None:
    """The version at the old address, of a page whose first version is where another's work went."""
    change, versions = table("change"), table("version")
    source = select(change.c.from_id).where(change.c.to_id == version["id"], change.c.kind == "moved").scalar_subquery()
    return session.execute(_shown().where(versions.c.id == source)).mappings().first()


def at_address(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """A condition on pages' urlkeys, so that it is looked up in their index, which begins with the portal."""
    return and_(table("page").c.portal_id.in_(select(table("portal").c.id)), condition)


def portal_zone(timezone: str) -> tzinfo:
    """The portal's zone."""
    try:
        return ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


@cache
def _beginning() -> Any:
    """Pages by the beginning of their ids. Built once: every page of the viewer asks it several times."""
    page = table("page")
    return _pages().where(page.c.key >= bindparam("first"), page.c.key < bindparam("after")).order_by(page.c.key).limit(5)


def _pages() -> Any:
    page, portal = table("page"), table("portal")
    return select(page, portal.c.slug.label("portal"), portal.c.tz.label("timezone")).join(
        portal, portal.c.id == page.c.portal_id
    )


def _picked(session: Session, page: RowMapping, how: _How, **values: Any) -> RowMapping | None:
    asked = {"page": page["id"], "rules": page["rules_id"], **values}
    return session.execute(_version(how), asked).mappings().first()


@cache
def _version(how: _How) -> Any:
    """One version of a timeline. Built once: every page of the viewer asks for several, and building took ten times as long as
    asking."""
    version = table("version")
    query = _shown().where(
        version.c.page_id == bindparam("page"), version.c.rules_id == bindparam("rules"), version.c.variant == ""
    )
    newest = version.c.n.desc()
    match how:
        case "first":
            query = query.order_by(version.c.n)
        case "last":
            query = query.order_by(newest)
        case "number":
            query = query.where(version.c.n == bindparam("n"))
        case "at":
            query = query.where(version.c.first_at <= bindparam("at", type_=Instant())).order_by(newest)
        case "content":
            query = query.where(version.c.state == "content", version.c.n <= bindparam("n")).order_by(newest)
    return query.limit(1)


@cache
def _shown() -> Any:
    """Versions with the capture that shows each, and the body that this stands for."""
    version, capture, payload = map(table, ("version", "capture", "payload"))
    body = capture.alias("body")
    return (
        select(
            *(column for column in version.c if column.name != "capture_id"),
            capture.c.id.label("capture_id"),
            capture.c.at.label("captured_at"),
            body.c.id.label("body_id"),
            body.c.payload_id,
            payload.c.sha256.label("payload_sha256"),
        )
        .select_from(version)
        .outerjoin(capture, capture.c.id == shown_by(version))
        .outerjoin(body, body.c.id == body_of(capture))
        .outerjoin(payload, payload.c.id == body.c.payload_id)
    )


def _by_url(session: Session, text: str) -> RowMapping:
    page, alias = table("page"), table("alias")
    url = text if "://" in text else f"http://{text}"
    try:
        canonical_url(url)
    except ValueError as error:
        raise NotFound(f"no page {text!r}", hint="write the page's id, or its whole URL", code="page.missing") from error
    key = urlkey(url)
    own = (
        session.execute(_pages().where(at_address(page.c.urlkey == key)).order_by(page.c.first_seen.is_(None), page.c.id))
        .mappings()
        .all()
    )
    if own and own[0]["first_seen"] is not None:
        return own[0]
    claims = _pages().join(alias, alias.c.page_id == page.c.id).where(alias.c.urlkey == key, page.c.first_seen.is_not(None))
    other = session.execute(claims.order_by(alias.c.why != "spelling", alias.c.last_at.desc())).mappings().first()
    if other is not None:
        return other
    if own:
        return own[0]
    near = session.execute(select(page.c.url).where(page.c.urlkey.like(f"{key.split(')')[0]})%")).limit(1)).scalar()
    hint = f"of this site there is {near}" if near else "onrecord list shows what there is"
    raise NotFound(f"no page with the address {text}", hint=hint, code="page.missing")


def _after(prefix: str) -> str:
    """The first string after all that begin with the prefix."""
    return prefix[:-1] + chr(ord(prefix[-1]) + 1)


def _range(session: Session, page: RowMapping) -> str:
    version = table("version")
    numbers = session.execute(
        select(version.c.n).where(version.c.page_id == page["id"], version.c.rules_id == page["rules_id"]).order_by(version.c.n)
    ).scalars()
    found = list(numbers)
    return f"there are @1 to @{found[-1]}" if found else "it has no version yet"
