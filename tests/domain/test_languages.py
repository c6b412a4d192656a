"""The language of a case is proposed from the small words of its story."""

from __future__ import annotations

import pytest

from bot.domain.languages import Language, language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("68-year-old woman with three days of fever and a red shin. Would you start now?", Language.ENGLISH),
        ("Mujer de 68 años con fiebre desde hace tres días y la pierna roja. ¿Qué haría?", Language.SPANISH),
        ("Die Patientin ist 68 und hat seit drei Tagen Fieber. Was würden Sie tun?", Language.GERMAN),
        ("Femme de 68 ans avec une fièvre depuis trois jours et la jambe rouge.", Language.FRENCH),
        ("LA dilatation, EF 35 %, TTE: LA 48 mm, LV 60 mm.", Language.ENGLISH),
        ("Troponin 40, CRP 12, Hb 9.1", Language.ENGLISH),
        ("She was given La Roche cream for the rash on her left shin.", Language.ENGLISH),
        ("Die, der.", Language.ENGLISH),
        ("", Language.ENGLISH),
    ],
)
def test_small_words_tell_the_language_and_silence_is_english(text: str, language: Language) -> None:
    assert language_of(text) is language
