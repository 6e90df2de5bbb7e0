"""dstack's Lambda backend and the catalogue that feeds it, unmodified but for the address: run by
tests/integration/clients_test.py with the Python that dstack is installed for. Prints what it saw as JSON."""

import json
import os
import sys
import time

import gpuhunt
from dstack._internal.core.backends.lambdalabs import api_client, compute
from dstack._internal.core.backends.lambdalabs.models import LambdaConfig
from dstack._internal.core.models.instances import InstanceConfiguration, SSHKey
from gpuhunt._internal import storage
from gpuhunt.providers import lambdalabs

BASE, KEY, PUBLIC_KEY = sys.argv[1:4]
api_client.API_URL = BASE
lambdalabs.INSTANCE_TYPES_URL = BASE + "/instance-types"
lambdalabs.IMAGES_URL = BASE + "/images"
# The catalogue is made of us, by the tool that makes it, and read from a folder (its own setting) instead of from
# where its makers publish that of Lambda's own cloud.
catalog = gpuhunt.Catalog(balance_resources=False, auto_reload=False)
gpuhunt.default_catalog = lambda: catalog
items = lambdalabs.LambdaLabsProvider(KEY).get()
storage.dump(items, os.path.join(os.environ["GPUHUNT_CATALOG_DIR"], "lambdalabs.csv"))

config = LambdaConfig(creds={"type": "api_key", "api_key": KEY})
backend = compute.LambdaCompute(config)
seen = {"valid": [api_client.LambdaAPIClient(key).validate_api_key() for key in (KEY, "wrong")],
        "items": sorted({(item.instance_name, item.gpu_name, item.gpu_count, item.gpu_memory, item.location, item.price)
                         for item in items})}
offers = backend.get_all_offers_with_availability(False)
seen["offers"] = sorted([offer.instance.name, offer.region, offer.availability.value] for offer in offers)
offer = next(one for one in offers if one.instance.name == "gpu_1x_h100_sxm5" and one.region == "us-east-1")
wanted = InstanceConfiguration(project_name="main", instance_name="job", user="u", ssh_keys=[SSHKey(public=PUBLIC_KEY)])
made = backend.create_instance(offer, wanted, None)
seen["id"] = made.instance_id
for _ in range(100):
    backend.update_provisioning_data(made, PUBLIC_KEY, "")
    if made.hostname is not None:
        break
    time.sleep(0.1)
seen["hostname"] = made.hostname
seen["listed"] = [one["status"] for one in backend.api_client.list_instances()]
try:
    backend.api_client.launch_instances("us-east-1", "gpu_8x_h100_sxm5", [backend.api_client.list_ssh_keys()[0]["name"]],
                                        [], 50, None)
except Exception as error:
    seen["error"] = error.response.json()["error"]["code"]
backend.terminate_instance(made.instance_id, made.region)
seen["after"] = len(backend.api_client.list_instances())
print(json.dumps(seen))
