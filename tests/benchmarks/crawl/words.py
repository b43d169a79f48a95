"""The words of workload W: the commonest of three languages first, as Zipf's law wants them, then rarer ones made of their
syllables, so that what asks for a text's language meets text that has one."""

from __future__ import annotations

import random
from functools import cache

SIZE = 4000
_COMMON = {
    "en": """the of and to in a that is for on was as with by it at from be this are his which or have an had were not but
        they has their its one who been more will would all when there about out up said into than its other two
        new some could time these may then first any also after made over such should through between most many
        where those while government minister ministry public state national country people president report
        meeting law council budget year work service project region development program decision agreement
        economic social health education support international committee million percent during under against
        within before since head policy citizens city water energy road school hospital market trade company
        bank price plan issue part number week month held told according official statement conference visit
        security development cooperation""",
    "ru": """и в не на что с по как из за для это к от о его но все так же у были был была или которые который также более
        она они года году при до уже после между лет только чтобы через время под день этого этой мы вы их ее
        может есть если быть правительство министр министерство президент страны государства закон совет бюджет
        работа развитие проект решение вопрос вопросы система область регион граждан население образование
        здравоохранение экономики экономика рубль процентов миллионов тысяч компании рынок цены программа
        поддержка совещание заседание комитет отметил сообщил заявил рассказал сотрудничество международный
        национальный государственный социальный новый первый город дорога школа больница вода энергия
        безопасность встреча визит часть число неделя месяц соглашение участие начала""",
    "az": """və bu ilə üçün də ki bir olan edən olub edib daha sonra ən çox hər onun onlar həm isə lakin kimi qədər görə əsas
        yeni ilk iki öz artıq arasında tərəfindən barədə haqqında olaraq edilib bildirib deyib qeyd edilir
        olunub olacaq hökumət nazir nazirlik prezident ölkə ölkənin dövlət qanun şura büdcə iş inkişaf layihə
        qərar məsələ sistem region rayon əhali vətəndaş təhsil səhiyyə iqtisadiyyat iqtisadi sosial faiz milyon
        min manat şirkət bazar qiymət proqram dəstək iclas görüş komitə əməkdaşlıq beynəlxalq milli ictimai
        şəhər yol məktəb xəstəxana su enerji təhlükəsizlik səfər hissə say həftə ay il gün saziş iştirak
        başlanğıc Azərbaycan Bakı respublika məclis xidmət""",
}


@cache
def vocabulary(lang: str) -> tuple[str, ...]:
    """Four thousand words of a language, the commonest first."""
    common = list(dict.fromkeys(_COMMON[lang].split()))
    rng = random.Random(f"words {lang}")
    halves = [(word[: len(word) // 2], word[len(word) // 2 :]) for word in common if len(word) >= 6]
    made = dict.fromkeys(common)
    while len(made) < SIZE:
        made[rng.choice(halves)[0] + rng.choice(halves)[1] + rng.choice(("", rng.choice(halves)[1]))] = None
    return tuple(made)
