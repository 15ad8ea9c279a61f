"""What survey tools call their documents in a Content-Type."""

FHIR_JSON = "application/fhir+json"
SURVEYJS_JSON = "application/vnd.surveyjs+json"
