"""Wires the pages of one gateway: what they show, and whom they ask.

Loaded once the first scan has begun; what is rarely wanted, when somebody first wants it.
"""

from beacon_gateway.adapters.bundle.making import BundleMaker
from beacon_gateway.adapters.machine.environment_probe import EnvironmentProbe
from beacon_gateway.adapters.secrets.login_link_file import LoginLinkFile
from beacon_gateway.adapters.web.pages.dependencies import PageDependencies
from beacon_gateway.adapters.web.pages.pages_server import PagesServer
from beacon_gateway.adapters.web.server.deferred import Handlers
from beacon_gateway.adapters.web.server.frame import PageFrame
from beacon_gateway.core.bindings.history.last_pass import LastPass
from beacon_gateway.core.bindings.target import TargetError
from beacon_gateway.core.model.brake import Brake
from beacon_gateway.core.model.settings import Address
from beacon_gateway.services.bindings.sync import Sync
from beacon_gateway.services.tracking.live import LiveFeed
from beacon_gateway.wiring.gateway import Gateway


def pages_of(gateway: Gateway, address: Address) -> PagesServer:
    """Make the server that people and monitors ask."""
    settings, clock, process = gateway.settings, gateway.clock, gateway.process
    accounts = process.accounts if process.accounts and process.accounts.needed else None
    dependencies = PageDependencies(
        status=gateway.heartbeat.latest,
        utc=clock.utc,
        zone=settings.timezone,
        language=settings.language,
        looks=LiveFeed(gateway.beacon_monitor, clock.monotonic, floor=gateway.settings.floor),
        heard=gateway.log,
        store=lambda: gateway.store_reloader.store,
        heat=lambda frame: _heat(gateway, frame),
        bindings=lambda frame: _bindings(gateway, frame),
        settings=settings,
        log=gateway.log,
        machine=EnvironmentProbe(settings.state),
        tail=process.tail,
        bundles=BundleMaker(process.config) if process.config else None,
        api=lambda frame: _api(gateway, frame),
        accounts=accounts,
        links=None if accounts else LoginLinkFile(settings.runtime),
        names=settings.web.names,
        monotonic=clock.monotonic,
    )
    return PagesServer(address.host, address.port, dependencies)


def _heat(gateway: Gateway, frame: PageFrame) -> Handlers:
    from beacon_gateway.adapters.state.report_material import ReportMaterial  # noqa: PLC0415 - only when it is wanted
    from beacon_gateway.adapters.web.pages.heat import HeatPage, note_ledger  # noqa: PLC0415 - only when it is wanted

    material = ReportMaterial(
        gateway.settings, lambda: gateway.store_reloader.store, trouble=note_ledger, beacons=False
    )
    return HeatPage(frame, material, gateway.clock.utc).handlers()


def _bindings(gateway: Gateway, frame: PageFrame) -> Handlers:
    from beacon_gateway.adapters.web.pages.bindings.pages import BindingPages  # noqa: PLC0415 - only when it is wanted
    from beacon_gateway.adapters.web.pages.bindings.ports import EditorDependencies  # noqa: PLC0415 - only when it is wanted

    brake = gateway.settings.wechat.brake if gateway.settings.wechat else Brake()
    desk = EditorDependencies(
        gateway.edit_queue, gateway.edited_files, gateway.clock.utc, brake, gateway.audit, gateway.edit_queue.looks.ask
    )
    return BindingPages(frame, desk).handlers()


def _api(gateway: Gateway, frame: PageFrame) -> Handlers:
    from beacon_gateway.adapters.state.gateway_records import FilesToCheck, GatewayRecords  # noqa: PLC0415 - only when it is wanted
    from beacon_gateway.adapters.state.report_material import ReportMaterial  # noqa: PLC0415 - only when it is wanted
    from beacon_gateway.adapters.web.pages.api.api import Api, ApiSources  # noqa: PLC0415 - only when it is wanted
    from beacon_gateway.adapters.web.pages.heat import note_ledger  # noqa: PLC0415 - only when it is wanted

    settings, sync = gateway.settings, gateway.sync
    archives = ApiSources(
        records=GatewayRecords(settings.state),
        files=FilesToCheck(gateway.process.config or settings.store),
        materials=ReportMaterial(settings, lambda: gateway.store_reloader.store, trouble=note_ledger),
        utc=gateway.clock.utc,
        store=lambda: gateway.store_reloader.store,
        last_pass=(lambda: _last_pass(sync)) if sync else None,
    )
    return Api(frame, archives).handlers()


def _last_pass(sync: Sync) -> LastPass | TargetError | None:
    """Return the last pass of the sync; why there was none yet, where that is known."""
    found = sync.progress
    if found is None:
        return sync.trouble
    return LastPass(found.plan, found.drift, found.state, found.applied, found.verified)
