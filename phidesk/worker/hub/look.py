"""The two jobs that look but do not fetch: a search, and the files of a repository."""

from phidesk.core.hub import takes_token
from phidesk.protocol.commands import ListRepo, SearchHub
from phidesk.protocol.events import RepoListed, ReposFound
from phidesk.worker.hub.sites import make_site
from phidesk.worker.hub.web import SHORT_WAITS_S, Patience, make_client, patiently
from phidesk.worker.reporter import Reporter


def look(command: SearchHub | ListRepo, report: Reporter) -> None:
    """Ask the source; raises EngineError for what is known to go wrong."""
    patience = Patience(SHORT_WAITS_S, lambda words, _: report.progress("waiting", text=words))
    token = command.token if takes_token(command.endpoint) else ""
    with make_client(token) as client:
        site = make_site(command.source, command.endpoint, client)
        match command:
            case SearchHub():
                found = patiently(lambda: site.search(command.text, command.limit), patience)
                report.send(ReposFound(job_id=command.job_id, repos=tuple(found)))
            case ListRepo():
                listing = patiently(lambda: site.listing(command.repo, command.revision), patience)
                report.send(RepoListed(job_id=command.job_id, listing=listing))
