"""SkyPilot's own provisioner, unmodified but for the address: run by tests/integration/clients_test.py with the
Python that SkyPilot is installed for. Prints what it saw as JSON."""

import json
import sys

from sky.provision import common
from sky.provision.lambda_cloud import instance, lambda_utils

lambda_utils.API_ENDPOINT = sys.argv[1]
PUBLIC_KEY = sys.argv[2]

client = lambda_utils.LambdaCloudClient()
seen = {"types": sorted(client.list_catalog()),
        "regions": [one["name"] for one in client.list_catalog()["gpu_8x_h100_sxm5"]["regions_with_capacity_available"]]}
name, known = client.get_unique_ssh_key_name("sky-key-1", PUBLIC_KEY)
if not known:
    client.register_ssh_key(name, PUBLIC_KEY)
seen["key"] = client.get_unique_ssh_key_name("sky-key-1", PUBLIC_KEY)
config = common.ProvisionConfig(
    provider_config={}, authentication_config={"remote_key_name": name}, docker_config={},
    node_config={"InstanceType": "gpu_8x_h100_sxm5"}, count=3, tags={}, resume_stopped_nodes=False,
    ports_to_open_on_launch=None)
record = instance.run_instances("us-east-1", "train", "train-1", config)
seen["created"] = record.created_instance_ids
cluster = instance.get_cluster_info("us-east-1", "train-1")
seen["head"] = cluster.head_instance_id == record.head_instance_id
seen["addresses"] = sorted(info.external_ip for infos in cluster.instances.values() for info in infos)
seen["statuses"] = sorted(str(status[0]) for status in instance.query_instances("train", "train-1", {}).values())
instance.open_ports("train-1", ["8080-8081"], {})
seen["rules"] = [rule["port_range"] for rule in client.list_firewall_rules()]
seen["again"] = instance.run_instances("us-east-1", "train", "train-1", config).created_instance_ids
errors = []
for quantity, region in ((9, "us-east-1"), (1, "us-south-1")):
    try:
        client.create_instances("gpu_8x_h100_sxm5", region, quantity, "more", name)
    except lambda_utils.LambdaCloudError as error:
        errors.append(str(error))
seen["errors"] = errors
instance.terminate_instances("train-1")
instance.terminate_instances("train-1")  # a second time there is nothing left to name
seen["after"] = len(instance.query_instances("train", "train-1", {}))
print(json.dumps(seen))
