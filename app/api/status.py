"""Is the service up, and can it do its work?"""

from pydantic import BaseModel

from app.api.dependencies import Deployment
from app.api.routes import PUBLIC, public, router
from app.use_cases import status

routes = router("Status", prefix="")


class Live(BaseModel):
    """The process answers."""

    live: bool


class Ready(BaseModel):
    """The database can be written, at the schema this version knows."""

    ready: bool
    schema_revision: str


@routes.get("/livez", summary="Is the process alive", responses=public(), openapi_extra=PUBLIC)
async def read_live() -> Live:
    """Answers as long as the process does."""
    return Live(live=True)


@routes.get("/readyz", summary="Can it do its work", responses=public(), openapi_extra=PUBLIC)
def read_ready(deployment: Deployment) -> Ready:
    """200 when the database can be written and has the schema of this version, else 503."""
    return Ready(ready=True, schema_revision=status.ready(deployment.database))
