from organisations.functions import FUNCTIONS
from tests.cast import questionnaire


def test_the_functions_of_people_are_the_roles_that_the_questionnaire_asks() -> None:
    assert {role.code: str(role.name) for role in questionnaire().roles} == FUNCTIONS
