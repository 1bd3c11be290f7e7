"""Names, device models and words the worlds are made of. Every person is invented."""

from __future__ import annotations

__all__ = [
    "ADJECTIVES",
    "CONTENT_WORDS",
    "FIRST_NAMES",
    "FUNCTION_WORDS",
    "MISSPELLINGS",
    "NOUNS",
    "PHONES",
    "SURNAMES",
    "TABLETS",
    "TEMPLATES",
    "TERMINALS",
]


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


FIRST_NAMES = _words("""
anna tom maria paul lena max sara jonas mia felix julia leon emma ben laura finn clara noah nina luis ada omar
ines ravi hana igor olga petr yara said wren milo tess hugo vera otto lily amir dina karl greta ivan noor ella
theo rosa kai uma zoe ezra mara nils pia enzo suri dov freya lars mina jude
""")
SURNAMES = _words("""
miller smith garcia novak kestrel tern plover gannet harrier dunlin sander wagner rossi silva costa moreau lindt
keller berg holm strand falk voss brandt ritter vogel hahn frei kuhn lang hart winter sommer reed marsh ford
heath wells brook lake stone field woods hill moss thorn birch alder rowan hazel quill sparrow finch wren swift
martin crane heron egret stork drake fisher tanner cooper mason sawyer weaver potter turner archer porter carter
parker barker chandler
""")
ADJECTIVES = _words("""
silent blue dark tiny lucky lazy wild happy frozen golden rusty quiet lost electric cosmic salty misty sunny
crazy red silver shy brave green odd icy velvet hollow bright pale grim royal sly gentle
""")
NOUNS = _words("""
fox moon wolf river panda ghost rider tiger pixel storm raven cookie bear falcon shadow star dragon otter comet
pepper maple lantern anchor pebble harbor echo ember willow marble badger noodle rocket cactus violet breeze
walnut thistle magpie
""")
FUNCTION_WORDS = _words("""
the to and a i you of it in is that for on was with but my be not me have so this at just they we if your are
what do all like as or when about up get out no from can know one there an its really now how he she her him
them because then more would will had has than who which been only some could also very back over after why
still even too into never always maybe much any well though actually since until again quite rather perhaps
however anyway almost while these those such without between both each
""")
CONTENT_WORDS = _words("""
day time work home people house train week night morning school friend phone call photo picture street water
coffee dinner lunch game music song film book story town bus car door window garden dog cat rain summer winter
weekend money shop market price ticket trip holiday beach boat harbour pier market mother father brother sister
boss office meeting job project paper letter mail message group party birthday present cake bread wine beer tea
kitchen room table chair bed wall road bridge river hill park tree flower sky sun moon star wind snow ice fire
light colour blue red green white black small big long short old new good bad nice great happy sad tired late
early fast slow hard easy true wrong right left sure ready free full empty open close start stop wait walk run
drive ride fly swim cook eat drink sleep wake read write speak talk listen hear see look watch find lose buy
sell pay send bring take give make build break fix clean wash play win hope wish think feel want need love hate
try help ask answer tell show learn teach forget remember leave stay come go move change grow fall turn follow
meet visit travel ferry market regatta sail rope anchor deck crew match goal team coach league season score ball
court doctor nurse health sport gym class lesson exam teacher student course number list plan idea reason
question problem answer matter point side part place world country city village news weather
""")
PHONES = (
    "iPhone15,2", "SM-S911B", "iPhone14,5", "SM-A546B", "iPhone16,1", "Pixel 8", "SM-A156B", "iPhone12,1",
    "Redmi Note 13", "SM-G991B", "Pixel 7a", "moto g84", "iPhone13,2", "CPH2581", "SM-S921B", "XQ-DQ54",
)  # fmt: skip
TERMINALS = (
    "Windows NT 10.0; Win64; x64", "Macintosh; Intel Mac OS X 10_15_7", "X11; Linux x86_64",
    "X11; CrOS x86_64 14541.0.0",
)  # fmt: skip
TABLETS = (
    "iPad13,18", "SM-X210", "iPad14,1", "SM-T500", "KFTRWI",
)  # fmt: skip
MISSPELLINGS = (
    ("because", "becuase"), ("really", "realy"), ("you", "u"), ("your", "ur"), ("are", "r"), ("know", "no"),
    ("though", "tho"), ("then", "than"), ("their", "thier"), ("which", "wich"), ("people", "poeple"),
    ("friend", "freind"), ("just", "jsut"), ("about", "abt"), ("the", "teh"), ("maybe", "mabye"),
    ("its", "it's"), ("would", "wud"), ("actually", "acctually"), ("always", "allways"), ("until", "untill"),
    ("answer", "anwser"), ("tomorrow", "tommorow"), ("message", "msg"), ("and", "n"), ("to", "too"),
)  # fmt: skip
TEMPLATES = (
    "Happy birthday to you and all the best for the new year of your life, may every wish come true for you.",
    "Copy and paste this to your page if you agree, most people will not but the real friends will do it.",
    "This message was deleted because it does not follow the rules of the community, please read them again.",
    "Selling two tickets for the regatta on saturday, price as printed, send me a message if you want them.",
    "Thank you for your message, I am away until monday and will answer as soon as I am back at my desk.",
)
