"""FHIR R4 (4.0.1): a form as a Questionnaire, and the answer in a QuestionnaireResponse.

What is written and read is the same in R4B (4.3.0).
"""

from app.formats.fhir.questionnaire import export
from app.formats.fhir.response import read

__all__ = ["export", "read"]
