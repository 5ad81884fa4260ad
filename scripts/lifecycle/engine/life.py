"""
What CloudFormation does with every resource, whatever its type: new names for each life of a stack, replacement by the schemas, names that
are taken, exports in use, and a ledger of what exists, also after its stack is gone.
"""
import hashlib

from ministack.core.concurrency import run_reentrant
from ministack.core.responses import get_account_id, get_region
from ministack.services import cloudformation
from ministack.services.cloudformation import changesets, handlers, provisioners, stacks

import rules
import schemas
from api import each

ledger = {}
"""What exists by CloudFormation: (account, region, type, physical ID) to its properties, attributes and origin."""


def entries(*types):
    here = (get_account_id(), get_region())
    return [(key[2], key[3], entry) for key, entry in list(ledger.items()) if key[:2] == here and (not types or key[2] in types)]


def attributes_of(physical_id):
    return next((entry["attributes"] for _, one, entry in entries() if one == physical_id), {})


def _key(type_name, physical_id):
    return (get_account_id(), get_region(), type_name, physical_id)


def _record(type_name, physical_id, props, attributes, origin):
    before = ledger.get(_key(type_name, physical_id), {"props": props, "changes": 0})
    changes = before["changes"] + (before["props"] != props)
    ledger[_key(type_name, physical_id)] = {"props": props, "attributes": attributes or {}, "origin": origin, "changes": changes}


def install():
    _give_unique_names()
    _wrap_life()
    _guard_exports()
    _keep_what_was_not_rolled_back()
    _clean_up_as_cloudformation_does()


def _wrap_life():
    provision, update, delete = provisioners._provision_resource, provisioners._update_resource, provisioners._delete_resource

    def provision_strictly(type_name, logical_id, props, stack_name):
        problem = schemas.complaint(type_name, get_region(), props)
        if problem:
            raise ValueError(problem)
        name = schemas.name_of(type_name, get_region(), props)
        for _, other, entry in entries(type_name) if name else []:
            if schemas.name_of(type_name, get_region(), entry["props"]) == name and rules.is_same_place(type_name, props, entry["props"]):
                raise ValueError(f"Resource of type '{type_name}' with identifier '{name}' already exists. ({rules.ALREADY_EXISTS}) {other}")
        rules.before_create(type_name, props, entries)
        _count_creation(stack_name, logical_id)
        physical_id, attributes = provision(type_name, logical_id, props, stack_name)
        _record(type_name, physical_id, props, attributes, f"{stack_name}/{logical_id}")
        return physical_id, attributes

    def update_strictly(type_name, physical_id, old, new, stack_name, logical_id=None, attributes=None):
        if not is_replaced(type_name, old, new) and old != new:
            rules.before_update(type_name, physical_id, old, new, entries)
        result = update(type_name, physical_id, old, new, stack_name, logical_id, attributes)
        _record(type_name, result[0], new, result[1], f"{stack_name}/{logical_id}")
        return result

    def delete_strictly(type_name, physical_id, props, stack_name=None, logical_id=None):
        entry = ledger.get(_key(type_name, physical_id), {"props": props, "attributes": {}})
        try:
            rules.before_delete(type_name, physical_id, entry, entries)
        except rules.InUse:
            refused_deletes.append(((get_account_id(), get_region(), stack_name), (type_name, physical_id, props, stack_name, logical_id)))
            raise
        delete(type_name, physical_id, props, stack_name, logical_id)
        ledger.pop(_key(type_name, physical_id), None)

    def is_replaced(type_name, old, new):
        return bool(schemas.replaces(type_name, get_region(), old, new)) or known(type_name, old, new)

    def named_anew(type_name, old, new, physical_id=None):
        name = schemas.name_of(type_name, get_region(), new)
        if name and name == schemas.name_of(type_name, get_region(), old) and is_replaced(type_name, old, new):
            return (
                f"CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename {name} and update the "
                f"stack again. ({rules.CUSTOM_NAMED})"
            )
        return refuse_name(type_name, old, new, physical_id)

    known, refuse_name = provisioners._replacing_change, provisioners._custom_named_replacement_error
    replaced = {
        "_provision_resource": provision_strictly,
        "_update_resource": update_strictly,
        "_delete_resource": delete_strictly,
        "_replacing_change": is_replaced,
        "_custom_named_replacement_error": named_anew,
    }
    for module in (provisioners, stacks):
        for name, function in replaced.items():
            setattr(module, name, function)


creations = {}
"""How often a resource of a stack was created while one of an earlier creation still existed, by stack ID and logical ID."""


def _stack_id(stack_name):
    return (cloudformation._stacks.get(stack_name) or {}).get("StackId")


def _count_creation(stack_name, logical_id):
    is_replacement = provisioners._NAME_SEED.get() != ""
    if not is_replacement and any(entry["origin"] == f"{stack_name}/{logical_id}" for _, _, entry in entries()):
        key = (_stack_id(stack_name), logical_id)
        creations[key] = creations.get(key, 0) + 1


def _give_unique_names():
    """The last part of a name that CloudFormation makes up is new for each creation, so what is kept of one is not in the way of the next."""
    original = provisioners._physical_name

    def physical_name(stack_name, logical_id, **options):
        stack = _stack_id(stack_name)
        seed = provisioners._NAME_SEED.get() if options.get("seeded", True) else ""
        life = hashlib.sha256(f"{stack}{creations.get((stack, logical_id), 0)}{seed}".encode()).hexdigest()[:8]
        token = provisioners._NAME_SEED.set(life)
        try:
            return original(stack_name, logical_id, **{**options, "seeded": True})
        finally:
            provisioners._NAME_SEED.reset(token)

    provisioners._physical_name = physical_name


def _guard_exports():
    """An export that another stack imports can be neither removed nor changed."""
    resolve = stacks._resolve_stack_outputs

    def resolve_strictly(definitions, conditions, resources, parameters, mappings, stack_name, stack_id):
        outputs, exports = resolve(definitions, conditions, resources, parameters, mappings, stack_name, stack_id)
        for name, export in list(cloudformation._exports.items()):
            if export["StackId"] != stack_id or exports.get(name, {}).get("Value") == export["Value"]:
                continue
            users = [one for one in importers(name) if one != stack_name]
            if users:
                verb = "updated" if name in exports else "deleted"
                raise ValueError(f"Export {name} cannot be {verb} as it is in use by {' and '.join(users)} ({rules.EXPORTS})")
            if name not in exports:
                cloudformation._exports.pop(name, None)
        return outputs, exports

    stacks._resolve_stack_outputs = resolve_strictly


def _keep_what_was_not_rolled_back():
    """What a failed rollback could not delete stays in the stack, whose deletion tries again."""
    roll_back = stacks._roll_back_operation

    async def roll_back_strictly(stack_name, stack_id, stack, operation, *others):
        made = dict(stack.get("_resources", {}))
        await roll_back(stack_name, stack_id, stack, operation, *others)
        if stack["StackStatus"] == "ROLLBACK_FAILED":
            failed = {one: {**made[one], "ResourceStatus": "DELETE_FAILED"} for one in stack.get("_rollback_failed", {}) if one in made}
            stack.update(_resources=failed, _template=operation["template"], _resolved_params=operation["param_values"])

    stacks._roll_back_operation = roll_back_strictly


refused_deletes = []
"""Deletions that were refused because something is in use: the stack, and the arguments to try again."""


def _clean_up_as_cloudformation_does():
    """
    CloudFormation tries a deletion of the cleanup again when others are done. What it cannot delete leaves the stack and goes on to exist; the
    engine would try again with the next update:
    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-update-behaviors.html
    """
    deploy = stacks._deploy_stack_async

    async def deploy_strictly(stack_name, *others, **more):
        _take_refused(stack_name)
        await deploy(stack_name, *others, **more)
        stack = cloudformation._stacks.get(stack_name)
        if not stack or stack["StackStatus"] not in ("UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"):
            return
        end, stack["StackStatus"] = stack["StackStatus"], "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"
        waiting, before = _take_refused(stack_name), None
        while waiting and len(waiting) != before:
            before = len(waiting)
            for arguments in waiting:
                await _try_again(stack["StackId"], arguments)
            waiting = _take_refused(stack_name)
        for logical_id in [one for one, held in stack["_resources"].items() if held.get("ResourceStatus") == "DELETE_FAILED"]:
            stack["_resources"].pop(logical_id)
        stack["StackStatus"] = end

    for module in (stacks, handlers, changesets):
        if hasattr(module, "_deploy_stack_async"):
            module._deploy_stack_async = deploy_strictly


def _take_refused(stack_name):
    here = (get_account_id(), get_region(), stack_name)
    found = [arguments for stack, arguments in refused_deletes if stack == here]
    refused_deletes[:] = [one for one in refused_deletes if one[0] != here]
    return found


async def _try_again(stack_id, arguments):
    try:
        await run_reentrant(stacks._delete_resource, *arguments)
    except Exception:  # it waits for the next turn, or stays
        return
    events = cloudformation._stack_events[stack_id]
    events[:] = [one for one in events if (one["PhysicalResourceId"], one["ResourceStatus"]) != (arguments[1], "DELETE_FAILED")]


def importers(export):
    """The stacks that exist and whose template imports an export."""

    def has(value, stack):
        if isinstance(value, dict):
            return any((key == "Fn::ImportValue" and one == export) or has(one, stack) for key, one in value.items())
        return any(has(one, stack) for one in each(value)) if isinstance(value, list) else False

    found = [(name, stack) for name, stack in cloudformation._stacks.items() if stack.get("StackStatus") != "DELETE_COMPLETE"]
    return [name for name, stack in found if has((stack.get("_template") or {}).get("Resources", {}), stack)]
