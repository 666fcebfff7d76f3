"""How the rules of orders and cases say no."""


class NotAllowed(Exception):
    """The rules have no such step.

    *code* never changes; *rule* says in Chinese which rule stands against it, *instead*
    what would be allowed.
    """

    def __init__(self, code: str, rule: str, instead: str) -> None:
        super().__init__(f"{rule}{instead}")
        self.code = code
        self.rule = rule
        self.instead = instead
