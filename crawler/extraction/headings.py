"""What kind of block does a heading announce? "Related articles", "Foreign press", "Sources" in many languages."""

from __future__ import annotations

import re

_WORDS: dict[str, str] = {
    "foreign_press": (
        r"(?:the )?(?:foreign|international|world|global) (?:press|media)(?: (?:review|digest|about .*|on .*))?|press review|in the (?:foreign|world) (?:press|media)|"
        r"xarici (?:mətbuat|media|kiv)(?:da|dan)?|dünya (?:mətbuatı|mediası)(?:nda)?|иностранн\w+ (?:пресс\w|сми)|зарубежн\w+ (?:пресс\w|сми)|мировы\w+ сми|"
        r"(?:dış|yabancı|dünya) bas[ıi]n(?:[ıi](?:nda)?)?|auslandspresse|internationale presse(?:schau)?|presseschau|presse (?:étrangère|internationale)|revue de (?:la )?presse|"
        r"الصحافة (?:الأجنبية|العالمية)|prensa (?:extranjera|internacional)|stampa estera|imprensa estrangeira|prasa zagraniczna|іноземна преса"
    ),
    "related": (
        r"(?:(?:more|other|similar|further) )?related(?: (?:articles?|news|stories|content|links?|pages?|documents?|information|topics?|posts?|items?|materials?|reading|press releases?|publications?))?|"
        r"see also|read (?:also|more|next|on)|also (?:read|see|on (?:this topic|gov\S*))|more (?:on this(?: (?:topic|story))?|about this|like this|from .*|news|stories|articles|information)|(?:other|latest|recent|similar|further|previous) (?:news|articles|stories|press releases|posts|reading)|"
        r"further information|you (?:may|might) (?:also )?(?:like|be interested in)|explore (?:the topic|more)|recommended(?: for you)?|keep reading|what to read next|most (?:read|popular)|"
        r"(?:əlaqəli|oxşar|digər|bənzər) (?:məqalə|xəbər|material|yazı)\w*|həmçinin (?:bax|oxu)\w*|mövzu ilə bağlı.*|son xəbərlər|"
        r"(?:похож|связанн|други|схож)\w+ (?:стат|новост|материал|публикац)\w*|(?:читайте|смотрите) также|по теме|материалы по теме|ещё по теме|еще по теме|последние новости|"
        r"(?:ilgili|ilişkili|benzer|diğer) (?:haber|yaz|makale|içerik|konu)\w*|ayrıca bak\w*|bunları da.*|son haberler|"
        r"(?:verwandte|ähnliche|weitere|zugehörige) (?:artikel|themen|beiträge|meldungen|inhalte|nachrichten|pressemitteilungen|links|informationen)|mehr zum thema|(?:lesen|sehen) sie (?:auch|dazu).*|siehe auch|weiterführende (?:informationen|links)|zum thema|auch interessant|"
        r"(?:articles?|contenus?|pages?|liens?|documents?) (?:liés?|connexes?|similaires?|associés?|utiles?)|(?:voir|lire|à lire) aussi|sur le même (?:sujet|thème)|en savoir plus|dans la même rubrique|"
        r"(?:مقالات|أخبار|مواضيع|روابط) (?:ذات صلة|متعلقة|مشابهة)|اقرأ أيضا?ً?|مواضيع ذات صلة|"
        r"(?:artículos|noticias|contenidos?|enlaces|temas) (?:relacionad[oa]s?|similares)|(?:ver|lea|leer) también|(?:artigos|notícias|conteúdos?) relacionad[oa]s|veja também|leia (?:mais|também)|"
        r"(?:articoli|notizie|contenuti) (?:correlat[ie]|simili)|leggi anche|vedi anche|gerelateerde? .*|zie ook|lees ook|meer over dit onderwerp|(?:powiązane|podobne) .*|zobacz (?:też|także)|"
        r"relaterade? .*|läs (?:också|mer|även)|se också|les også|lue myös|související .*|čtěte (?:také|dále)|súvisiace .*|povezan[ei] .*|pročitajte još|kapcsolódó .*|(?:схожі|пов'язані) .*|читайте також|σχετικ[άέ] .*|დაკავშირებული .*|baca juga|berita terkait|関連.*|관련.*|相关.*"
    ),
    "citation": (
        r"(?:sources?|references?|bibliography|footnotes|further sources|notes and references|original publication|mənbə(?:lər)?|istinad(?:lar)?|ədəbiyyat|источники?|литература|ссылки|"
        r"kaynak(?:ça|lar)?|quellen?(?:angaben?)?|literatur|originalpublikation|références|bibliographie|المصادر|المراجع|fuentes?|referencias|fontes?|fonti|źródł[ao]|bronnen|källor|kilder)"
    ),
    "attachment": (
        r"(?:attachments?|attached (?:files?|documents?)|downloads?|(?:related )?documents?|files?|əlavə(?:lər)?|sənədlər|qoşma(?:lar)?|приложени[ея]|документы|файлы|вложения|ekler|belgeler|dosyalar|"
        r"anlagen?|dokumente?|anhänge?|zum herunterladen|pièces? jointes?|documents? à télécharger|télécharge(?:r|ments?)|المرفقات|archivos? adjuntos?|descargas?|documentos|allegati|anexos|załączniki|bijlagen|bilagor)"
    ),
    "translation": r"(?:this (?:page|article) in other languages|other languages|translations?|(?:also )?available in|digər dillərdə|на других языках|diğer diller(?:de)?|andere sprachen|autres langues|لغات أخرى|otros idiomas)",
    "share": (
        r"share(?: (?:this|on|via|with).*)?|follow us.*|paylaş\w*|поделиться.*|teilen.*|partager.*|compartir.*|شارك.*|condividi.*|print(?: this page)?|tags?|teqlər|теги|etiketler|schlagw\w+|mots-clés|"
        r"(?:leave a )?comments?|comment on this|şərhlər|комментарии|yorumlar|kommentare|commentaires|subscribe.*|newsletter.*|sign up.*|stay (?:connected|informed|up to date).*"
    ),
}  # fmt: skip
_PATTERNS = {kind: re.compile(rf"^(?:{words})\s*[:：…]?$", re.IGNORECASE) for kind, words in _WORDS.items()}
MAX_HEADING = 70


def kind_of_heading(text: str) -> str | None:
    """The kind of block under this heading: related, foreign_press, citation, attachment, translation, share; else None."""
    text = text.strip(" »›>▸▶↳→+–—-#•|")
    if not 2 < len(text) <= MAX_HEADING:
        return None
    return next((kind for kind, pattern in _PATTERNS.items() if pattern.match(text)), None)
