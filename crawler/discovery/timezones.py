"""In which time zone does the portal publish? The offsets in its feeds, the country of its host or of its language tags."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from babel.core import get_global

from crawler.discovery.proposal import Found

# The zone of the seat of government, for countries whose zones differ.
_SEATS = {
    "AR": "America/Argentina/Buenos_Aires", "AU": "Australia/Sydney", "BR": "America/Sao_Paulo", "CA": "America/Toronto",
    "CD": "Africa/Kinshasa", "CL": "America/Santiago", "CN": "Asia/Shanghai", "CY": "Asia/Nicosia", "DE": "Europe/Berlin",
    "EC": "America/Guayaquil", "ES": "Europe/Madrid", "EU": "Europe/Brussels", "FR": "Europe/Paris", "GB": "Europe/London",
    "ID": "Asia/Jakarta", "KZ": "Asia/Almaty", "MN": "Asia/Ulaanbaatar", "MX": "America/Mexico_City",
    "MY": "Asia/Kuala_Lumpur", "NZ": "Pacific/Auckland", "PG": "Pacific/Port_Moresby", "PT": "Europe/Lisbon",
    "RU": "Europe/Moscow", "UA": "Europe/Kyiv", "US": "America/New_York", "UZ": "Asia/Tashkent",
}  # fmt: skip
_DOMAINS = {"UK": "GB", "GOV": "US", "MIL": "US", "SU": "RU"}


def country_of(host: str, language_tags: Iterable[str] = ()) -> tuple[str, str] | None:
    """(ISO 3166 code, why): from the host's country domain, else from the regions of language tags ("en-ca")."""
    label = host.rpartition(".")[2].upper()
    code = _DOMAINS.get(label, label)
    zones = get_global("territory_zones")
    if code in zones or code in _SEATS:
        return code, f"country domain .{label.lower()}"
    regions = Counter(part.upper() for tag in language_tags for part in tag.replace("_", "-").split("-")[1:] if len(part) == 2)
    regions.pop("US", None)  # the default of many systems says nothing
    known = [(region, tag) for region, _ in regions.most_common() for tag in [region] if region in zones]
    return (known[0][0], f"region {known[0][0]} of the language tags") if known else None


def choose_zone(
    country: tuple[str, str] | None, dates: Iterable[str], languages: Iterable[str] = ()
) -> tuple[Found[str], tuple[str, ...]]:
    """The best zone, and others that fit the same. `dates` are ISO 8601 with offset, as feeds state them."""
    moments = [moment for text in dates if (moment := _aware(text)) is not None]
    offsets = Counter(moment.utcoffset() for moment in moments)
    local = [moment for moment in moments if moment.utcoffset() != timedelta(0)]
    if country is not None:
        code, why = country
        zones = [_SEATS[code]] if code in _SEATS and not local else list(get_global("territory_zones").get(code, ()))
        zones = [*([_SEATS[code]] if code in _SEATS and _SEATS[code] not in zones else []), *zones]
        fitting = [zone for zone in zones if _fits(zone, local)]
        if fitting:
            best = _SEATS[code] if _SEATS.get(code) in fitting else fitting[0]
            others = tuple(zone for zone in _distinct(fitting) if _rule(zone) != _rule(best))
            agree = f", {_offset(local[0])} in feeds" if local else ""
            ask = tuple(z for z in _distinct(list(get_global("territory_zones").get(code, ()))) if _rule(z) != _rule(best))
            return Found(best, why + agree, len(local) or None, len(moments) if local else None), (others if local else ask)
    if local:
        zone = f"Etc/GMT{-int(local[0].utcoffset().total_seconds() // 3600):+d}"  # type: ignore[union-attr]
        whole = all(moment.utcoffset() == local[0].utcoffset() for moment in local)
        fitting = _everywhere(local, tuple(languages))
        if fitting:
            return Found(fitting[0], f"{_offset(local[0])} in feeds", len(local), len(moments)), tuple(fitting[1:6])
        return Found(zone, f"{_offset(local[0])} in feeds" + ("" if whole else ", not always"), len(local), len(moments)), ()
    why = "feeds state UTC" if offsets else "nothing states a zone"
    return Found("UTC", why, len(moments) or None, len(moments) or None), ()


def _aware(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


def _fits(zone: str, moments: list[datetime]) -> bool:
    """Whether at least 80 % of the stated offsets are those of the zone: editors forget the change of the clocks."""
    return _agreeing(zone, moments) >= 0.8 * len(moments)


def _agreeing(zone: str, moments: list[datetime]) -> int:
    try:
        info = ZoneInfo(zone)
    except (KeyError, ValueError):
        return -1
    return sum(moment.astimezone(info).utcoffset() == moment.utcoffset() for moment in moments)


def _everywhere(moments: list[datetime], languages: tuple[str, ...]) -> list[str]:
    """Zones of seats of government and of countries with one zone that agree with the stated offsets; first those where
    the portal's languages are official."""
    zones = {code: names[0] for code, names in get_global("territory_zones").items() if len(names) == 1 and len(code) == 2}
    seats = {**zones, **_SEATS}
    fitting = [(code, zone) for code, zone in seats.items() if _fits(zone, moments)]
    fitting.sort(key=lambda pair: (-_spoken(pair[0], languages), -_agreeing(pair[1], moments), pair[1]))
    return _distinct([zone for _, zone in fitting])


def _spoken(territory: str, languages: tuple[str, ...]) -> int:
    spoken = get_global("territory_languages").get(territory, {})
    return sum(1 for code in languages if spoken.get(code, {}).get("official_status"))


def _rule(zone: str) -> tuple[timedelta | None, ...]:
    info = ZoneInfo(zone)
    return tuple(datetime(2025, month, 1, tzinfo=info).utcoffset() for month in (1, 7))


def _distinct(zones: list[str]) -> list[str]:
    """One zone a rule: what differs only in its history is the same for today's dates."""
    return list({_rule(zone): zone for zone in reversed(zones)}.values())[::-1]


def _offset(moment: datetime) -> str:
    return moment.strftime("%z")[:3] + ":" + moment.strftime("%z")[3:]
