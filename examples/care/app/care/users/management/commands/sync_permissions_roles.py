"""Brings the roles of the app up to date. Started by the beat, under a lock in Redis, before it begins."""

from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand

from care.utils.lock import only_one

ROLES = ("Administrator", "Doctor", "Nurse", "Volunteer")


class Command(BaseCommand):
    help = __doc__

    def handle(self, *_args, **_options) -> None:
        with only_one("sync_permissions_roles"):
            made = [role for role in ROLES if Group.objects.get_or_create(name=role)[1]]
        self.stdout.write(f"roles: {len(made)} made, {len(ROLES) - len(made)} known")
