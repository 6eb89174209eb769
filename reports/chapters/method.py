"""How the figures came about, what they do not say, and the words that the report uses."""

from dataclasses import dataclass

from reports import words
from reports.account import Account, SampleDocument
from reports.chapters.evidence import carried

RECOMPUTE = "python -m chain.score VRAGENLIJST gegevens.json"
WORDS = (
    ("Keten en schakel", "Integriteit als een ketting van vijf schakels. Breekt er één, dan houdt hij niet."),
    ("Niveau", "Hoe ver iets is, van 0 (niet) tot en met 4 (lerend). Het is geen rapportcijfer."),
    ("Thema", "Vragen van een schakel die bij elkaar horen."),
    ("Deelnemer", "Iemand die vanuit een functie vragen beantwoordde, zoals een controller of een jurist."),
    ("Bewijs", "Een stuk of werkwijze die laat zien dat een antwoord klopt."),
    ("Validator", "Wie het bewijs bekijkt en vastlegt welk niveau het laat zien."),
    ("Wettelijk minimum", "Het laagste niveau dat past bij wat een wet vraagt."),
    ("Niet aangetoond", "Dit verslag laat niet zien dat het er is. Het kan er wel zijn."),
    ("Hard en zacht", "Hard: regels, systemen en afspraken. Zacht: gedrag, gesprek en voorbeeld."),
    ("Opzet, bestaan, werking", "Is het goed bedacht? Is het er ook echt? En werkt het in de praktijk?"),
    ("Controlegetal", "Een code die verandert zodra er iets in de gegevens verandert (SHA-256)."),
)


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    paragraphs: tuple[str, ...]
    code: str = ""


# What is the same in every report.
NO_NAMES = "Hun namen en toelichtingen staan niet in dit verslag."
FROZEN = "Daarna kan niemand ze veranderen, ook het college niet."
UNCHECKED_STATES = (
    "Ook ‘weet ik niet’, ‘niet van toepassing’ en ‘niet voorgekomen’ zijn door niemand gecontroleerd."
)
NOT_MEASURED = (
    "Dit verslag zegt niet hoe {} het ervaren. {} Geen meldingen betekent niet dat er niets gebeurt."
)
NO_COUNTS = "Het telt ook geen meldingen."
COUNTS = "De jaarcijfers tellen alleen wat is gemeld of onderzocht."
OWN_WORDS = "Ook {}: dat is wat de organisatie zelf zegt. Niemand anders heeft dat gecontroleerd."
CLERK = (
    "De griffier keek op {} naar vorm, taal, geheimhouding en toegankelijkheid. De griffier keek niet of de "
    "antwoorden kloppen."
)
MEDIAN = (
    "Gaven meer deelnemers antwoord op een vraag, dan telt het middelste niveau. "
    "Van twee middelste telt het laagste. Is samen een niveau afgesproken, dan legt de coördinator dat vast "
    "met de reden, en telt dat."
)
MEAN = (
    "Een thema of schakel krijgt het gemiddelde van de vragen met een niveau, afgerond op halven. "
    "‘Weet ik niet’ telt niet als nul. Is meer dan 30% ‘weet ik niet’, dan is er geen cijfer."
)
NO_MARK = Section(
    "Waarom er geen eindcijfer is",
    (
        "Een gemiddelde van de schakels verbergt de zwakste. Daarom staat er geen eindcijfer in dit "
        "verslag. Een donkere kleur is een hoger niveau; goed of fout is het daarmee niet. Een laag niveau "
        "laat zien waar u kunt beginnen.",
    ),
)
RECOMPUTING = Section(
    "Zelf narekenen",
    (
        "Bij dit verslag hoort het bestand gegevens.json. In de PDF zit het als bijlage. Het bevat "
        "alle antwoorden zonder namen, wat de validator vastlegde, en de uitkomsten.",
        "Een rekenkamer, of wie dat wil, rekent de uitkomst na met het programma en de vragenlijst "
        "van het portaal. Beide zijn open. Het controlegetal van dit verslag is de SHA-256 van dat bestand.",
    ),
    RECOMPUTE,
)

RECOMPUTING_IN_SHORT = Section(
    RECOMPUTING.title,
    (
        "Bij dit verslag hoort het bestand gegevens.json, met alle antwoorden zonder namen. Wie wil, rekent "
        "de uitkomst na met het programma en de vragenlijst van het portaal. Het controlegetal van dit "
        "verslag is de SHA-256 van dat bestand.",
    ),
)


@dataclass(frozen=True, slots=True)
class Method:
    account: Account

    @property
    def sections(self) -> list[Section]:
        source = str(self.account.questionnaire.source)
        model = Section("Waar het model vandaan komt", tuple(source.split("\n\n")))
        return [
            Section("Wie heeft ingevuld", (self._who_answered, self._when)),
            Section("Wie heeft gecontroleerd", (self._who_checked, *self._what_was_checked, *self._clerk)),
            Section(
                "Wat niemand heeft gecontroleerd", (self._not_checked, *self._own_words, self._not_measured)
            ),
            Section("Hoe een niveau tot stand komt", self._levels),
            *([] if self.account.is_light else [NO_MARK]),
            RECOMPUTING_IN_SHORT if self.account.is_light else RECOMPUTING,
            *([] if self.account.is_light else [model]),
        ]

    @property
    def _levels(self) -> tuple[str, ...]:
        told = (MEDIAN + self._agreed, MEAN, self._weights)
        return (" ".join(told),) if self.account.is_light else told

    @property
    def _who_answered(self) -> str:
        people = self.account.round["contributors"]
        who = words.counted(people, "deelnemer beantwoordde", "deelnemers beantwoordden")
        return f"{who} vragen die bij hun functie horen. {NO_NAMES}"

    @property
    def _when(self) -> str:
        opened, closed = self.account.round["opened"], self.account.round["closed"]
        said = (
            ["De lichte vragenlijst voor kleine organisaties is gebruikt."] if self.account.is_light else []
        )
        if opened and closed:
            said.append(f"De ronde was open van {words.day(opened)} tot en met {words.day(closed)}.")
        said.append(f"De resultaten zijn vastgesteld op {self.account.adopted}. {FROZEN}")
        return " ".join(said)

    @property
    def _who_checked(self) -> str:
        validators, validated = self.account.round["validators"], self.account.validated
        if not validated:
            return "Niemand. Er is geen bewijs bekeken."
        who = "Eén validator bekeek" if validators == 1 else f"{validators} validators bekeken"
        return f"{who} het bewijs bij {words.questions(validated)}. {carried(self.account.judged())}"

    @property
    def _what_was_checked(self) -> list[str]:
        """How many of the legal minimums and of the sample, and how anybody draws that again."""
        said = []
        legal = [one.id for one in self.account.questionnaire.questions if one.legal_minimum is not None]
        if self.account.validated and self.account.checked(legal)[1]:
            said.append(self._of(legal, "met een wettelijk minimum en een niveau"))
        if sample := self.account.document.get("sample"):
            drawn = [one for one in sample["questions"] if one in self.account.questions]
            said.append(f"{self._of(drawn, 'in de steekproef')} {_drawn(sample)}")
        return said

    def _of(self, questions: list[str], which: str) -> str:
        """How many of these were checked, of those with a level."""
        checked, total = self.account.checked(questions)
        if not total:
            return f"Geen vraag {which} heeft nog een niveau."
        if total == 1:
            return f"De enige vraag {which} is {'' if checked else 'niet '}bekeken."
        if not checked:
            return f"Van de {total} vragen {which} is er geen bekeken."
        share = "Alle" if checked == total else f"{checked} van de"
        return f"{share} {total} vragen {which} {'is' if checked == 1 else 'zijn'} bekeken."

    @property
    def _not_checked(self) -> str:
        unchecked = self.account.unchecked
        if not unchecked:
            return UNCHECKED_STATES
        return f"Bij {words.questions(unchecked)} keek niemand naar het bewijs. {UNCHECKED_STATES}"

    @property
    def _not_measured(self) -> str:
        asked = {outcome.people for outcome in self.account.outcomes}
        others = [who for who in ("medewerkers", "raadsleden", "inwoners") if who not in asked]
        who = " of ".join(filter(None, [", ".join(others[:-1]), others[-1]]))
        return NOT_MEASURED.format(who, COUNTS if "figures" in self.account.supplement else NO_COUNTS)

    @property
    def _clerk(self) -> list[str]:
        check = self.account.supplement.get("check")
        return [CLERK.format(words.day(check["on"]))] if check else []

    @property
    def _own_words(self) -> list[str]:
        """What the organisation says of itself beside the answers."""
        told = self.account.supplement
        parts = [
            ("actions" in told, "de stand van de verbeteringen"),
            ("figures" in told, "de jaarcijfers"),
            ("vulnerabilities" in told, "de kwetsbaarheden"),
        ]
        own = [name for is_there, name in parts if is_there]
        return [OWN_WORDS.format(words.joined(own))] if own else []

    @property
    def _agreed(self) -> str:
        agreed = len(self.account.document["agreed"])
        return f" Dat gebeurde bij {words.questions(agreed)}." if agreed else ""

    @property
    def _weights(self) -> str:
        weights = sorted(self.account.document["weights"].items())
        if not weights:
            return "Alle vragen tellen even zwaar."
        told = words.joined([f"{one} ({words.decimal(float(weight))} keer)" for one, weight in weights])
        without = "anders" if self.account.results["sensitive"] else "hetzelfde"
        return (
            f"De organisatie liet deze vragen zwaarder of lichter tellen: {told}. "
            f"Zonder die gewichten is het beeld van de schakels {without}."
        )


def _drawn(sample: SampleDocument) -> str:
    again = f" Er is {sample['draws']} keer getrokken; dit is de laatste." if sample["draws"] > 1 else ""
    return (
        f"Het portaal trok die vragen: per schakel {sample['size']} van de vragen zonder wettelijk minimum, "
        f"met startwaarde {sample['seed']}.{again}"
    )
