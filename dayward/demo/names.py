"""Names for people who do not exist: ordinary given names, family names that nobody bears."""

from __future__ import annotations

GIVEN_FEMALE = (
    "Ada", "Alma", "Amara", "Anika", "Aurelia", "Beatriz", "Bianca", "Camila", "Carmen", "Celeste", "Clara",
    "Dalia", "Daniela", "Edith", "Elena", "Esme", "Fatima", "Freya", "Gloria", "Hana", "Imani", "Ingrid",
    "Iris", "Jade", "Josefina", "June", "Kaya", "Keiko", "Lena", "Lucia", "Luz", "Maeve", "Marisol", "Mei",
    "Mila", "Nadia", "Naomi", "Nora", "Odessa", "Paloma", "Petra", "Priya", "Rosa", "Ruth", "Sabine",
    "Selma", "Sofia", "Talia", "Tessa", "Uma", "Valentina", "Vera", "Willa", "Ximena", "Yara", "Zora",
)  # fmt: skip
GIVEN_MALE = (
    "Abel", "Adrian", "Amos", "Andre", "Arlo", "Asher", "Bashir", "Benito", "Caleb", "Cyrus", "Dante",
    "Diego", "Dmitri", "Elias", "Emil", "Ezra", "Felix", "Finn", "Gael", "Gideon", "Hugo", "Idris", "Ivan",
    "Jonas", "Jorge", "Kai", "Khalil", "Leif", "Leon", "Luca", "Malik", "Mateo", "Milo", "Nico", "Noel",
    "Omar", "Orson", "Otis", "Pablo", "Quinn", "Rafael", "Remy", "Rohan", "Ruben", "Samir", "Silas", "Soren",
    "Tariq", "Theo", "Tomas", "Umar", "Viktor", "Wendell", "Xavier", "Yusuf", "Zane",
)  # fmt: skip
_FIRST = (
    "Amber", "Birch", "Bramble", "Brindle", "Cedar", "Clover", "Copper", "Ember", "Fern", "Flint", "Gorse",
    "Hazel", "Heather", "Juniper", "Larch", "Linden", "Maple", "Marigold", "Moss", "Nettle", "Pebble",
    "Poppy", "Quill", "Rowan", "Saffron", "Sorrel", "Thistle", "Tansy", "Umber", "Willow", "Wren", "Yarrow",
)  # fmt: skip
_SECOND = (
    "bank", "barrow", "beck", "bourne", "castle", "cove", "croft", "dale", "fell", "field", "ford", "gate",
    "glade", "grove", "ham", "hollow", "holt", "keep", "lea", "mere", "mill", "moor", "reach", "ridge",
    "shore", "stead", "stone", "thorpe", "vale", "water", "well", "wick",
)  # fmt: skip
FAMILY = tuple(first + second for first in _FIRST for second in _SECOND)

STREETS = ("Sample", "Specimen", "Example", "Invented", "Pretend", "Fable", "Storybook", "Make-Believe")
HOSPITALS = (
    "Fable County Hospital", "St. Pretend Medical Center", "Storybook Behavioral Hospital",
    "Example University Hospital", "Sampleton Detox Center",
)  # fmt: skip
