"""What in the answers of survey tools could tell who answered. It is left behind, by name.

One list for all tools: a name that identifies somebody in one of them is not wanted from another.
"""

import re

IDENTIFYING = frozenset(
    {
        # FHIR
        *("subject", "author", "authored", "source", "identifier", "encounter"),
        *("basedOn", "partOf", "id", "meta"),
        # ODK and Kobo
        *("__id", "__system", "_id", "_uuid", "_submission_time", "_submitted_by", "_geolocation"),
        *("_attachments", "_validation_status", "_notes", "_tags", "meta/instanceID"),
        *("meta/instanceName", "meta/rootUuid", "meta/deprecatedID", "meta/audit", "instanceID"),
        *("start", "end", "today", "deviceid", "subscriberid", "simserial", "phonenumber"),
        *("username", "email", "audit", "background-audio", "start-geopoint"),
        # LimeSurvey
        *("token", "seed", "submitdate", "startdate", "datestamp", "ipaddr", "refurl"),
        *("interviewtime", "lastpage", "startlanguage", "firstname", "lastname"),
        # REDCap
        *("record_id", "redcap_survey_identifier", "redcap_data_access_group"),
        # Formbricks, and what SurveyJS pages like to add
        *("createdAt", "updatedAt", "displayId", "ttc", "singleUseId", "contact"),
        *("contactAttributes", "contactId", "person", "personAttributes", "userId", "tags"),
        *("notes", "variables", "language", "webhookId", "endingId", "endpoint"),
        *("ip", "ip_address", "user_agent", "userAgent", "device", "created_at", "updated_at"),
        *("client_ip", "remote_address", "browser", "url", "referrer", "referer", "cookie"),
        *("timestamp", "time", "date", "submitted_at", "started_at", "completed_at", "duration"),
        *("time_spent", "timezone", "country", "city", "location", "geolocation", "latitude"),
        *("longitude", "locale", "lang", "name", "full_name", "surname", "user", "login", "mail"),
        *("email_address", "phone", "telephone", "mobile", "address", "postcode", "date_of_birth"),
        *("nhs_number", "staff_number", "employee_id", "session_id", "visitor_id", "client_id"),
        *("respondent_id", "participant_id", "response_id", "submission_id", "page_no", "pageNo"),
    }
)
# REDCap's time of each instrument, and LimeSurvey's times of groups and questions.
_PATTERNS = re.compile(r"[a-z0-9_]+_timestamp|attribute_\d+|(group|question)[tT]ime\w*")


def identifies(name: str) -> bool:
    """Whether a member with this name, which is no question of ours, could tell who answered.

    However it is written: `userAgent`, `user_agent` and `User-Agent` are one.
    """
    return _plain(name) in _KNOWN or _PATTERNS.fullmatch(name) is not None


def _plain(name: str) -> str:
    return name.lower().replace("_", "").replace("-", "").replace(" ", "")


_KNOWN = frozenset(_plain(name) for name in IDENTIFYING)
