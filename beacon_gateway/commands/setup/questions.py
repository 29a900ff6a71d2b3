"""The questions of `setup` at a terminal: one by one, each asked again if the answer will not do."""

import sys
import unicodedata
from collections.abc import Callable

from beacon_gateway.commands.shared.configuration import complain
from beacon_gateway.core.files.installation import MAX_ANSWER_TRIES, secret_in
from beacon_gateway.core.model.problems import Problem
from beacon_gateway.core.model.settings import Language
from beacon_gateway.core.sentences.catalogue import languages
from beacon_gateway.core.sentences.messages import explain, say
from beacon_gateway.output import ask, ask_hidden

NONE = "-"
"""What is typed for no account, where Enter keeps the present one."""


class TooManyTries(Exception):  # noqa: N818 - what happened, reported at the terminal
    """Nobody there seems to know the answer."""


class Prompts:
    """The person at the keyboard. Every question raises EOFError where input ends, TooManyTries after three faults."""

    def __init__(self, language: Language) -> None:
        self.language = language

    def text(
        self,
        phrase: str,
        fault_of: Callable[[str], Problem | None],
        *,
        default: str = "",
        shown: str | None = None,
    ) -> str:
        """Ask for a line; Enter takes the default, which is shown unless something else is to be."""
        prompt = self._prompt(phrase, default if shown is None else shown)
        for _ in range(MAX_ANSWER_TRIES):
            try:
                typed = ask(prompt)
            except UnicodeDecodeError:  # keys of another coding than the terminal's
                complain("setup.fault.text", self.language)
                continue
            # People who type Chinese type full-width letters by mistake: Ｆ６ is F6.
            answer = unicodedata.normalize("NFKC", typed).strip() or default
            if not answer:
                complain("setup.fault.empty", self.language)
            elif fault := fault_of(answer):
                complain_of(fault, self.language)
            else:
                return answer
        raise TooManyTries

    def appid(self, fault_of: Callable[[str], Problem | None], *, present: str) -> str:
        """Ask for the account; "" for none."""
        phrase = "setup.ask.appid-kept" if present else "setup.ask.appid"
        answer = self.text(
            phrase, lambda text: None if text == NONE else fault_of(text), default=present or NONE, shown=present
        )
        return "" if answer == NONE else answer

    def secret(self, *, may_keep: bool) -> str:
        """Ask for the secret without showing it; "" to keep the present one, where that may be."""
        phrase = "setup.ask.secret-kept" if may_keep else "setup.ask.secret"
        for _ in range(MAX_ANSWER_TRIES):
            try:
                typed = ask_hidden(self._prompt(phrase, ""))
            except UnicodeDecodeError:
                typed = ""
            else:
                if may_keep and not typed.strip():
                    return ""
            if secret := secret_in(typed.encode("utf-8", "replace")):
                return secret
            complain("setup.fault.secret", self.language)
        raise TooManyTries

    def _prompt(self, phrase: str, default: str) -> str:
        shown = f" [{default}]" if default else ""
        return say(phrase, self.language) + shown + say("list.colon", self.language)


def complain_of(fault: Problem, language: Language) -> None:
    print(explain(fault, language), file=sys.stderr)


def ask_language() -> Language:
    """Ask for the language, in both: the terminal does not say which one people read here."""
    known = ", ".join(languages())
    for _ in range(MAX_ANSWER_TRIES):
        typed = ask(f"语言 / Language: {known} [{Language.CHINESE}]: ").strip().lower() or Language.CHINESE
        if typed in languages():
            return Language(typed)
    raise TooManyTries
