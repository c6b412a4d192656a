"""Golden examples per finder: what is replaced, between double brackets; all the rest stays."""

import re

import pytest

from bot.anonymizer import Anonymizer

MARK = re.compile(r"\[\[(.+?)\]\]")

REPLACED = {
    "e-mail": ["write to [[jo.roe@mail.example]] pls", "reach me: [[roe (at) mail (dot) example]]"],
    "chat names": [
        "[[<@U0AB12CD3>]] can you look?",
        "cc [[@p.quill:chat.example.org]] re the echo",
        "thanks [[@pquill_md]]!",
    ],
    "web and network": [
        "page is [[https://caring.example/visit/roe]] fyi",
        "blog [[www.quillfamily.com/about]]",
        "login from [[10.17.4.201]] at 3am",
        "from [[2001:db8:85a3:0:0:8a2e:370:7334]]",
        "device [[00:1b:44:11:3a:b7]] on the ward net",
    ],
    "phones": [
        "call [[(555) 201-7788]]",
        "cell [[555.201.7788]] after 5",
        "page me at [[44071]]",
        "[[+44 20 7946 0958]] is the ward",
        "fax [[555-201-7789]]",
        "ring [[201-7788 ext 12]]",
    ],
    "file names": ["see [[quill_cxr_1.png]]", "sent [[IMG quill.heic]]".replace("IMG ", "")],
    "labelled numbers": [
        "mrn [[4417229]] admitted",
        "MRN: [[MR-839006]]",
        "medical record # [[43-21-90]]",
        "SSN [[412-55-9081]] on file",
        "acct no. [[A55-1029384]]",
        "member id [[XQZ881920345]]",
        "NPI [[1234567893]]",
        "DEA [[AB1234567]]",
        "VIN [[1HGCM82633A004352]]",
        "plate [[7ABC123]] hit and run",
        "pump S/N [[PJN881357H]]",
        "accession [[S24-10293]]",
        "subject [[SUBJ-118-91]] withdrew",
        "fingerprint record [[FP-2291-KQ]]",
    ],
    "dates": [
        "seen [[3/4/2024]] and again",
        "on [[2024-03-04]] labs",
        "[[14-MAR-24]] echo",
        "since [[Mar '24]]",
        "in [[february]] she fell",
        "fell on [[the 4th of July]]",
        "worse since [[12/3]]",
        "[[March 4th, 2024]] clinic",
        "[[4 Mar 2024]]",
        "[[winter of 2022]]",
        "the week before [[Thanksgiving]]",
        "dob [[1/2/1950]]",
        "due on [[the 14th]]".replace("the ", ""),
    ],
    "ages over 89": [
        "[[93]]yo with a fall",
        "[[104]]F from home",
        "she's [[91]] and sharp",
        "[[ninety-four]] year old man",
        "at age [[92]] he had a tia",
        "in her [[nineties]]",
    ],
    "titles": [
        "dr [[okonkwo]] agrees",
        "Mrs. [[Quillfeather]] is back",
        "Mr. [[Parkinson]] has gout",
        "saw ms. [[may]] in clinic".replace("may", "roe"),
        "Prof. [[A. B. Quill]] said no",
    ],
    "roles": [
        "his wife [[Tamsin]] called",
        "daughter, [[Ewa Quill]], is poa",
        "pt [[jane roe]] back again",
        "patient name: [[ROE, JANE Q]]",
        "Attending: [[Ravindra Quill]], MD",
        "dictated by [[kwame mensah]], md",
        "spoke with [[Katarzyna]] about it",
        "[[Orla]] (daughter) says no",
    ],
    "shapes": [
        "[[Mwangi, Grace]] MRN [[4417229]]",
        "[[Kwame Mensah]] looks better",
        "update on [[J.S.]] please",
        "think [[fatima okafor]] needs a line",
    ],
    "echoes": [
        "Mrs. [[Quillfeather]] is 80. [[quillfeather]] declined",
        "pt [[Elizabeth Okonkwo]]: [[liz]] wants to go home",
        "dr [[szymanski]] vs [[szymansky]]".replace("szymansky", "szymanksi"),
    ],
    "letters": [
        "Dear [[Back]],\nplease see the letter",
        "With kind regards\n[[Carolyn Day]]\nConsultant",
        "bed | name | age\n4 | [[Roe, Mercy]] | 61\n5 | [[Head]] | 45",
    ],
    "hindsight": [
        "call me about [[ebony]]s sister",
        "no news from [[Rose]]'s mother",
        "12B [[Maddox]] 74M - drain 40 ml",
        "will tell the [[Cutter]] family",
    ],
    "places told by what stands round them": [
        "transferred to [[bluebird falls nursing home]] at noon",
        "records from [[osborne memorial]] pending",
        "was at [[Big Sky VA]] last week",
        "Town: [[Boring]]",
        "[[Nakuru]] is 3 hours away",
        "born at [[Our Lady of the Plains]]",
        "lives in [[Eureka]], ID [[k1a 0b1]]".replace(", ID", ""),
    ],
    "names once sure": [
        "pt [[Wojciechowska]] is back, [[wojciechowskas]] labs, [[wojciechovska]] again",
        "saw Dr. [[T. Case]] today",
        "from [[Nakuru Hospital]], flies to [[nakuru]] on monday",
    ],
    "other languages": [
        "La paciente [[María Fuentes Ríos]] refiere dolor torácico desde ayer.",
        "Der Patient [[Jürgen Vogelsang]] klagt seit gestern über Schmerzen.",
        "Le patient [[Étienne Delcourt]] présente une douleur thoracique.",
    ],
    "institutions": [
        "transferred from [[Oakdene General Hospital]]",
        "at [[st. brendan's]] last week",
        "from [[mercy ridge clinic]] today",
        "[[University of Leeds Hospital]] has beds",
        "lives at [[Sunrise Assisted Living]]",
    ],
    "addresses": [
        "lives at [[12 Larch Lane]], alone",
        "[[3408 W. Oak Avenue Apt 3]]",
        "PO box: [[P.O. Box 221]]",
        "zip [[99201-4410]]",
    ],
    "towns": [
        "flew in from [[Spokane]] today",
        "[[Kurseong]], WA resident",
        "lives in [[wichita falls]]",
    ],
    "repeats": ["MRN 4417229, again 4417229".replace("4417229", "[[4417229]]")],
}

KEPT = [
    "BP 120/80, HR 98, T 98.6 F, sat 97% on RA",
    "3/5 strength, 2/6 murmur, pain 8/10, GCS 14/15",
    "T1/C5/L4 levels intact, L5-S1 disc, T2-weighted MRI",
    "EGFR L858R, BRCA1, HER2 1+, Ki-67 35%",
    "CHA2DS2-VASc 4, HAS-BLED 2, NIHSS 12, MELD 22",
    "closed with 3-0 Vicryl, Foley out, Jackson-Pratt with 40 mL",
    "on Coumadin 5 mg, Xylocaine 1%, Keppra 500 mg bid",
    "known Parkinson disease, Hodgkin lymphoma, Crohn's on Humira",
    "Murphy's sign negative, Babinski downgoing, Glasgow Coma Scale 14",
    "Guillain-Barre vs Wernicke, Swan-Ganz in place",
    "troponin 11240, CK 17561, platelets 150000, ferritin 12345",
    "WBC 12.4, Hgb 9.1, creat 1.9, Na 128, lactate 4",
    "ABG 7.21/68/54/26 on 40% FiO2",
    "today at 14:30, 2 days ago, x3 wks, in 4 hours, on Monday",
    "81 y/o man with hip pain, 45F, 7-month-old boy",
    "she may have had a fall; will start heparin; mark the site",
    "PMID 31234567, NCT01234567, doi of the trial",
    "see https://www.uptodate.com/contents/sepsis and pubmed",
    "seen in the heart failure clinic, sent from an outside hospital",
    "q6h prn, d/c home, f/u in 2 wks w/ pcp, h/o dm2 s/p cabg",
    "pt is a 54 yo woman, wife says he snores, dr wants a ct",
    "COVID neg, flu A pos, MRSA screen pending",
    "speaks Spanish, came from Mexico, lives with family",
    "12 chest ct scans reviewed, 2 view cxr",
    "please look at the crisp ring, the warm cloud and the amber board",
    "send ANCA and ANA, Lyme pending",
    "Lyme? Portal vein open, Foley in, draining",
    "Frank hematuria since this morning, sharp as a tack",
    "Argyll Robertson pupils, Schober 2 cm, Rankin 2",
    "swapped the Quinton for a Permcath, Dobhoff out",
    "Wells says likely, Jobe weak, Bethesda III",
    "anti-Jo-1 positive, Ro-52 negative, Factor V Leiden",
    "on Vraylar and Entyvio, off Teflaro",
]


@pytest.mark.parametrize("finder", REPLACED)
def test_examples_of_a_finder(finder: str, cleaner: Anonymizer) -> None:
    for example in REPLACED[finder]:
        text = MARK.sub(r"\1", example)
        wanted = MARK.findall(example)
        cleaned = cleaner.clean({"x": text})
        found = [text[f.start : f.end] for f in cleaned.findings if f.tier == "auto"]
        assert found == wanted, example


@pytest.mark.parametrize("text", KEPT)
def test_clinical_language_stays(text: str, cleaner: Anonymizer) -> None:
    for written in (text, text.lower(), text.upper()):
        cleaned = cleaner.clean({"x": written})
        assert [written[f.start : f.end] for f in cleaned.findings if f.tier == "auto"] == []


@pytest.mark.parametrize("text", KEPT)
def test_clinical_language_asks_for_nothing_as_written(text: str, cleaner: Anonymizer) -> None:
    cleaned = cleaner.clean({"x": text})
    assert [text[f.start : f.end] for f in cleaned.findings] == []


@pytest.mark.parametrize("unseen", ["\u200b", "\u200c", "\u2060", "\ufeff", "\u00ad"])
def test_unseen_characters_hide_nothing(unseen: str, cleaner: Anonymizer) -> None:
    text = f"Mrs. Quill{unseen}feather, mrn 44{unseen}17229, call 555-201-{unseen}7788"
    cleaned = cleaner.clean({"x": text})
    assert cleaned.text("x") == "Mrs. [person 1], mrn [record number], call [phone]"


def test_look_alike_letters_hide_nothing(cleaner: Anonymizer) -> None:
    cyrillic = "Mrs. Quillfe\u0430ther"
    assert cleaner.clean({"x": cyrillic}).text("x") == "Mrs. [person 1]"


def test_an_unknown_word_is_for_the_author_to_decide(cleaner: Anonymizer) -> None:
    cleaned = cleaner.clean({"x": "zorblat positive, zorblat negative"})
    assert [(f.tier, f.hint) for f in cleaned.findings] == [("ask", "z…t")] * 2
    assert cleaned.text("x") == "[word] positive, [word] negative"


def test_dates_become_offsets_from_the_first_and_keep_their_distance(cleaner: Anonymizer) -> None:
    text = "admitted 3/1/2024, extubated 2024-03-04, home March 11, 2024, born 5/6/1950"
    cleaned = cleaner.clean({"x": text})
    assert cleaned.text("x") == "admitted [day 0], extubated [day +3], home [day +10], born [date of birth]"


def test_everyday_words_beside_everyday_words_are_hardly_asked_about(cleaner: Anonymizer) -> None:
    likes = ("amber", "blunt", "crisp", "dull", "gentle", "loose", "pale", "quiet", "sharp", "short", "warm")
    things = ("ball", "board", "brush", "cloud", "cup", "garden", "glass", "hill", "ring", "stone", "wall")
    texts = [
        f"{front}{like} {thing}"
        for front in ("please look at the ", "the ")
        for like in likes
        for thing in things
    ]
    asked = [text for text in texts if cleaner.clean({"x": text}).findings]
    assert len(asked) <= 0.02 * len(texts), asked


def test_roles_tell_people_apart(cleaner: Anonymizer) -> None:
    text = "pt Jane Okonkwo, dr Szymanski, daughter Tamsin, dr Mensah; szymanski agrees"
    cleaned = cleaner.clean({"x": text})
    expected = "pt [patient], dr [clinician 1], daughter [relative 1], dr [clinician 2]; [clinician 1] agrees"
    assert cleaned.text("x") == expected
