"""Is this the page, or something that stands in its place? Block page, challenge, cookie wall, login, maintenance, soft 404.

Judged by what such pages say of themselves in title and text, and only where the page says little else: an article about
captchas is an article. `kind_of_answer` also weighs what the server said (status, headers), as a crawl or an import knows it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from archive.records import PageKind

_LITTLE = 1_500  # characters of visible text up to which a page may be a notice and nothing else
_BLOCKED_TITLE = re.compile(
    r"^(?:just a moment|attention required|access (?:to this \w+ (?:has been |is )?)?denied|request (?:rejected|blocked|unsuccessful)|security check|"
    r"are you (?:a )?(?:human|robot)|robot (?:check|or human)|captcha|human verification|pardon our interruption|please wait|one moment|checking your browser|"
    r"ddos.?guard|error:? the request could not be satisfied|403\b|forbidden|429\b|too many requests|blocked|you have been blocked|bot (?:detection|verification)|"
    r"доступ (?:запрещ[её]н|ограничен)|zugriff verweigert|accès (?:refusé|interdit)|acceso denegado|erişim engellendi|giriş qadağandır)|"
    r":: request access$|\| cloudflare$|incapsula|imperva|ddos protection",
    re.IGNORECASE,
)
_BLOCKED_TEXT = re.compile(
    r"you (?:don'?t|do not) have permission to access|your (?:ip|request|access|browser) (?:address )?(?:is on|has been (?:blocked|denied|flagged|identified))|"
    r"(?:verify|verifying|confirm) (?:that )?you are (?:a )?(?:human|not a (?:ro)?bot)|enable javascript and cookies to continue|unusual traffic|"
    r"automated (?:access|requests|traffic|programmatic)|request blacklist|rate limit(?:ed)? exceeded|too many requests|ray id:|incident id|"
    r"the requested url was rejected|complete the captcha|aggressive automated scraping|please enable js and disable any ad blocker|"
    r"проверка браузера|подтвердите,? что вы не робот|вы не робот|запросы,? поступившие с вашего ip|ihr zugriff wurde gesperrt|robot olmadığınızı",
    re.IGNORECASE,
)
_CHALLENGE = re.compile(
    r"cdn-cgi/challenge-platform|_cf_chl_opt|awswafcookiedomainlist|awswaf\.com|g-recaptcha|h-captcha|hcaptcha\.com|datadome|px-captcha|_Incapsula_Resource|ddos-guard|challenge\.js|sgcaptcha",
    re.IGNORECASE,
)
_SOFT_404 = re.compile(
    r"(?:page|file|document|article|content|site|resource|requested (?:page|url|resource))\s+(?:\w+\s+){0,4}?(?:not (?:be )?found|does(?: not|n'?t) exist|no longer (?:exists?|available)|(?:is |was )?(?:unavailable|removed|deleted|missing)|could(?: not|n'?t) be found|can(?:not|'?t| not) be found)|"
    r"^(?:error\s*)?404\b|\b404\s*(?:[-–—:|]\s*)?(?:error|not found|page)|^not found$|\berror 404\b|nothing (?:was )?found|we (?:can(?:not|'?t)|could(?: not|n'?t)) find (?:the|that|this)|"
    r"səhifə (?:tapılmadı|mövcud deyil)|məlumat tapılmadı|страница не найдена|страницы не существует|такой страницы нет|документ не найден|материал (?:не найден|удал[её]н)|сторінк\w+ не знайдено|"
    r"sayfa bulunamadı|aradığınız sayfa|seite (?:konnte )?(?:leider )?nicht gefunden|seite existiert nicht|page (?:introuvable|non trouvée|inexistante)|cette page n'existe|الصفحة (?:غير موجودة|المطلوبة غير)|لم يتم العثور|"
    r"página no (?:encontrada|existe)|página não (?:encontrada|existe)|pagina non trovata|nie znaleziono strony|strona nie istnieje|pagina niet gevonden|sidan (?:kunde inte|hittades inte)|siden (?:blev ikke|ble ikke) funnet|гүйцэтгэл олдсонгүй",
    re.IGNORECASE,
)
_MAINTENANCE = re.compile(
    r"(?:under|down for|scheduled|undergoing|ongoing) (?:site |system |planned )?maintenance|maintenance mode|temporarily (?:unavailable|down|offline|out of service)|be (?:right )?back (?:soon|shortly)|service unavailable|"
    r"50[234] (?:bad gateway|service|gateway)|bad gateway|gateway time-?out|site is offline|technical difficulties|texniki (?:işlər|xidmət|səbəb)|müvəqqəti (?:dayandır|olaraq)|технически(?:е|м) (?:работ|причин)\w*|сайт временно|"
    r"bakım (?:çalışması|modu|nedeniyle)|wartungsarbeiten|im wartungsmodus|vorübergehend nicht (?:erreichbar|verfügbar)|en (?:cours de )?maintenance|momentanément indisponible|en mantenimiento|em manutenção|in manutenzione|قيد الصيانة|تحت الصيانة",
    re.IGNORECASE,
)
_LOGIN_TITLE = re.compile(
    r"^(?:log ?in|sign ?in|login required|authentication required|please (?:log|sign) in|anmelden|anmeldung|einloggen|connexion|se connecter|identification|вход|авторизация|войти|giriş(?: yap)?|daxil ol|"
    r"iniciar sesión|acceso|accedi|entrar|zaloguj|logowanie|تسجيل الدخول)\b",
    re.IGNORECASE,
)
_COOKIE = re.compile(r"(?:accept|akzeptier|zustimm|accepter|aceptar|принять|qəbul|kabul)\w*\b.{0,80}\bcookies?|cookies?\b.{0,120}\b(?:accept|consent|agree|akzeptier|zustimm|einwillig|accepter|aceptar|соглас|kabul)|before you continue", re.IGNORECASE)  # fmt: skip


def kind_of_page(
    title: str, headings: str, text: str, raw: str, *, has_password: bool = False, body_length: int = 0
) -> PageKind:
    """What a page's own words make it. `text` is all visible text, `raw` the mark-up, `body_length` what was read as body."""
    little = len(text) <= _LITTLE
    named = f"{title}\n{headings}"
    if _BLOCKED_TITLE.search(title) and (little or len(text) < 4 * _LITTLE):
        return "blocked"
    if little and (_BLOCKED_TEXT.search(text) or (body_length < 200 and _CHALLENGE.search(raw))):
        return "blocked"
    if _SOFT_404.search(title) or any(_SOFT_404.search(line) for line in headings.splitlines() if len(line) <= 90):
        return "soft404"
    if little and len(text) <= 600 and _SOFT_404.search(text):
        return "soft404"
    if little and (_MAINTENANCE.search(named) or (len(text) <= 800 and _MAINTENANCE.search(text))):
        return "maintenance"
    if (has_password and body_length < 600 and little) or (has_password and little and _LOGIN_TITLE.search(title)):
        return "login"
    if (
        little
        and body_length < 500
        and len(text) > 20
        and _COOKIE.search(text)
        and len(_COOKIE.findall(text)) * 400 >= len(text) - 400
    ):
        return "cookie_wall"
    return "page"


def kind_of_answer(status: int, headers: Mapping[str, str], *, title: str, length: int, kind: PageKind = "page") -> PageKind:
    """What a whole answer is: `kind` as read from its words, overruled by what the server said. Header names lower case.

    A firewall answers 202, 403, 405, 429 or 503 with a page of its own; a real error page of the site (404 with the site's
    whole frame) is a page of the site and not a block.
    """
    if kind == "blocked":
        return "blocked"
    if headers.get("cf-mitigated") or headers.get("x-amzn-waf-action"):
        return "blocked"
    if status >= 400 and headers.get("x-datadome"):  # its pages that are let through carry the header too
        return "blocked"
    small = length < 20_000
    if status == 429 or (status in (401, 403, 405, 406, 451) and (small or _BLOCKED_TITLE.search(title))):
        return "blocked"
    if status in (202, 503) and small and _BLOCKED_TITLE.search(title):
        return "blocked"
    if status == 202 and small and not title:
        return "blocked"
    if status >= 500:
        return "maintenance"
    if _BLOCKED_TITLE.search(title) and small:
        return "blocked"
    return kind
