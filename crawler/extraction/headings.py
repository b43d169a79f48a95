"""What kind of block does a heading announce? "Related articles", "Foreign press", "Sources" in many languages."""

from __future__ import annotations

import re
from functools import lru_cache

_WORDS: dict[str, str] = {
    "foreign_press": (
        r"(?:the )?(?:foreign|international|world|global) (?:press|media)(?: (?:review|digest|about .*|on .*))?|press review|in the (?:foreign|world) (?:press|media)|"
        r"xarici (?:mətbuat|media|kiv)(?:da|dan)?|dünya (?:mətbuatı|mediası)(?:nda)?|иностранн\w+ (?:пресс\w|сми)|зарубежн\w+ (?:пресс\w|сми)|мировы\w+ сми|"
        r"(?:dış|yabancı|dünya) bas[ıi]n(?:[ıi](?:nda)?)?|auslandspresse|internationale presse(?:schau)?|presseschau|presse (?:étrangère|internationale)|revue de (?:la )?presse|"
        r"الصحافة (?:الأجنبية|العالمية)|prensa (?:extranjera|internacional)|stampa estera|imprensa estrangeira|prasa zagraniczna|іноземна преса"
    ),
    "related": (
        r"(?:(?:more|other|similar|further) )?related(?: (?:articles?|news|stories|content|links?|pages?|documents?|information|topics?|posts?|items?|materials?|reading|press releases?|publications?))?|"
        r"see also|read (?:also|more|next|on)|also (?:read|see|on (?:this topic|gov\S*))|more (?:on this(?: (?:topic|story))?|about this|like this|from .*|news|stories|articles|information)|(?:other|similar|further|previous) (?:news|articles|stories|press releases|posts|reading)|"
        r"further information|you (?:may|might) (?:also )?(?:like|be interested in)|explore (?:the topic|more)|recommended(?: for you)?|keep reading|what to read next|"
        r"(?:əlaqəli|oxşar|digər|bənzər) (?:məqalə|xəbər|material|yazı)\w*|həmçinin (?:bax|oxu)\w*|mövzu ilə bağlı.*|"
        r"(?:похож|связанн|други|схож)\w+ (?:стат|новост|материал|публикац)\w*|(?:читайте|смотрите) также|по теме|материалы по теме|ещё по теме|еще по теме|"
        r"(?:ilgili|ilişkili|benzer|diğer) (?:haber|yaz|makale|içerik|konu)\w*|ayrıca bak\w*|bunları da.*|"
        r"(?:verwandte|ähnliche|weitere|zugehörige) (?:artikel|themen|beiträge|meldungen|inhalte|nachrichten|pressemitteilungen|links|informationen)|mehr zum thema|(?:lesen|sehen) sie (?:auch|dazu).*|siehe auch|weiterführende (?:informationen|links)|zum thema|"
        r"(?:articles?|contenus?|pages?|liens?|documents?) (?:liés?|connexes?|similaires?|associés?|utiles?)|(?:voir|lire|à lire) aussi|sur le même (?:sujet|thème)|en savoir plus|dans la même rubrique|"
        r"(?:مقالات|أخبار|مواضيع|روابط) (?:ذات صلة|متعلقة|مشابهة)|اقرأ أيضا?ً?|مواضيع ذات صلة|"
        r"(?:artículos|noticias|contenidos?|enlaces|temas) (?:relacionad[oa]s?|similares)|(?:ver|lea|leer) también|(?:artigos|notícias|conteúdos?) relacionad[oa]s|veja também|leia (?:mais|também)|"
        r"(?:articoli|notizie|contenuti) (?:correlat[ie]|simili)|leggi anche|vedi anche|gerelateerde? .*|zie ook|lees ook|meer over dit onderwerp|(?:powiązane|podobne) .*|zobacz (?:też|także)|"
        r"relaterade? .*|läs (?:också|mer|även)|se också|les også|lue myös|související .*|čtěte (?:také|dále)|súvisiace .*|povezan[ei] .*|pročitajte još|kapcsolódó .*|(?:схожі|пов'язані) .*|читайте також|σχετικ[άέ] .*|დაკავშირებული .*|baca juga|berita terkait|関連.*|관련.*|相关.*"
    ),
    # What the whole site shows on every page: no part of this article, and another list at the next visit.
    "site": (
        r"(?:the )?(?:latest|recent|newest|breaking|top) (?:news|articles|stories|headlines|press releases|posts|updates)|news ?feed|newswire|"
        r"(?:most|top) (?:read|popular|viewed|shared|commented|visited)(?: .*)?|popular(?: now| today| news| articles)?|trending(?: now)?|"
        r"son xəbərlər|xəbər lenti|ən (?:çox )?(?:oxunan|baxılan|populyar)\w*|günün xəbərləri|"
        r"последние (?:новости|материалы|публикации)|лента новостей|сам\w+ (?:читаем|популярн|просматриваем|обсуждаем)\w*|популярн\w+(?: .*)?|"
        r"son (?:haberler|dakika)|(?:en )?çok okunan\w*|(?:neueste|aktuelle|letzte) (?:meldungen|nachrichten|beiträge|artikel)|meistgelesen\w*|beliebt\w*|"
        r"(?:dernières|les dernières) (?:actualités|nouvelles|infos)|(?:les )?plus (?:lus?|populaires)|(?:últimas|lo último en) noticias|(?:lo )?más (?:leído|visto)s?|mais lid[ao]s|più letti|ultime notizie|"
        r"آخر الأخبار|أحدث الأخبار|الأكثر (?:قراءة|مشاهدة)"
    ),
    "citation": (
        r"(?:sources?|references?|bibliography|footnotes|further sources|notes and references|original publication|mənbə(?:lər)?|istinad(?:lar)?|ədəbiyyat|источники?|литература|ссылки|"
        r"kaynak(?:ça|lar)?|quellen?(?:angaben?)?|literatur|originalpublikation|références|bibliographie|المصادر|المراجع|fuentes?|referencias|fontes?|fonti|źródł[ao]|bronnen|källor|kilder)"
    ),
    "attachment": (
        r"(?:attachments?|annex(?:es)?|attached (?:files?|documents?)|downloads?|(?:related )?documents?|files?|əlavə(?:lər)?|sənədlər|qoşma(?:lar)?|приложени[ея]|документы|файлы|вложения|ekler|belgeler|dosyalar|"
        r"anlagen?|dokumente?|anhänge?|zum herunterladen|pièces? jointes?|documents? à télécharger|télécharge(?:r|ments?)|المرفقات|archivos? adjuntos?|descargas?|documentos|allegati|anexos|załączniki|bijlagen|bilagor)"
    ),
    "translation": r"(?:this (?:page|article) in other languages|other languages|translations?|(?:also )?available in|digər dillərdə|на других языках|diğer diller(?:de)?|andere sprachen|autres langues|لغات أخرى|otros idiomas)",
    # Filled by the system, not by the article's editors: kept out of the body, but no part of the article.
    "listing": (
        r"(?:the )?(?:most|top) (?:read|popular|viewed|shared|recent|commented)(?: .*)?|most-read|popular(?: .*)?|trending(?: .*)?|(?:latest|recent|other|more|top|previous|today[’']?s|all)(?: \w+)? (?:news|articles|stories|posts|headlines|press releases|updates|publications)|"
        r"latest|more (?:like this|from .*|in .*|stories)|you (?:may|might) (?:also )?(?:like|be interested in).*|recommended(?: .*)?|keep reading|what to read next|up next|editor[’']?s picks|news feed|newsfeed|"
        r"(?:ən )?(?:son|çox oxunan|populyar|yeni)(?: \w+)? (?:xəbər|məqalə|yazı)\w*|çox oxunanlar|xəbər lenti|gündəm|последни\w+ (?:новост|публикац|материал|стат)\w*|другие новости|(?:самое )?(?:популярное|читаемое|свежее|новое)|(?:популярн|читаем|свеж|нов)\w+ (?:новост|публикац|материал|стат)\w*|лента новостей|рекоменд(?:уем|ации|ованн)\w*(?: (?:новост|публикац|материал|стат|к прочтени)\w*)?|"
        r"(?:en )?(?:son|çok okunan|popüler) (?:\w+ )?(?:haber|yazı|makale)\w*|(?:en )?(?:çok okunan|popüler)\w*|çok okunanlar|meistgelesen\w*|(?:neueste|aktuelle|weitere|beliebte|letzte|alle) (?:nachrichten|meldungen|artikel|beiträge|news)|auch interessant|das könnte .*|empfohlen\w*(?: .*)?|"
        r"(?:les )?(?:plus|dernièr\w+|articles?) (?:lus|populaires|récents|actualités|articles)|à la une|الأكثر (?:قراءة|مشاهدة)|آخر الأخبار|(?:lo )?(?:más|mais|più) (?:leíd\w+|vist\w+|lid\w+|lett\w+)|últim\w+ (?:noticias|notícias)|ultime notizie|popularne|najnowsze(?: .*)?|meest gelezen|mest läst\w*|"
        r"останні новини|最新.*|热门.*|人気.*|ランキング|많이 본.*|berita (?:terbaru|terpopuler)|terpopuler"
    ),
    "share": (
        r"share(?: (?:this|on|via|with).*)?|follow us.*|paylaş\w*|поделиться.*|teilen.*|partager.*|compartir.*|شارك.*|condividi.*|print(?: this page)?|tags?|teqlər|теги|etiketler|schlagw\w+|mots-clés|"
        r"(?:leave a )?comments?|comment on this|şərhlər|комментарии|yorumlar|kommentare|commentaires|subscribe.*|newsletter.*|sign up.*|stay (?:connected|informed|up to date).*"
    ),
}  # fmt: skip
_PATTERNS = {kind: re.compile(rf"^(?:{words})\s*[:：…]?$", re.IGNORECASE) for kind, words in _WORDS.items()}
MAX_HEADING = 70


@lru_cache(maxsize=4096)  # a menu asks the same on every page
def kind_of_heading(text: str) -> str | None:
    """The kind of block under this heading: one of `_WORDS`, None for any other heading."""
    text = text.strip(" »›>▸▶↳→+–—-#•|")
    if not 2 < len(text) <= MAX_HEADING:
        return None
    return next((kind for kind, pattern in _PATTERNS.items() if pattern.match(text)), None)
