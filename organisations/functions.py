"""The functions in an organisation that a questionnaire can ask for: its role codes, in its order.

Kept here as well, because people know no questionnaires; a test holds the list against the published content.
"""

FUNCTIONS = {
    "BM": "Burgemeester",
    "WH": "Wethouder",
    "RL": "Raadslid",
    "GR": "Griffier",
    "GS": "Gemeentesecretaris",
    "RK": "Rekenkamer",
    "IC": "Integriteitscoördinator",
    "VP": "Vertrouwenspersoon",
    "MP": "Meldpunt",
    "LG": "Leidinggevende",
    "MW": "Medewerker",
    "OR": "Ondernemingsraad",
    "HR": "Personeelszaken",
    "CTL": "Concerncontroller",
    "JUR": "Juridische zaken",
    "INK": "Inkoop",
    "FG": "Functionaris gegevensbescherming",
    "CISO": "Informatiebeveiliging (CISO)",
    "OOV": "Veiligheid en Bibob",
    "COM": "Communicatie",
    "DIV": "Archief",
}
