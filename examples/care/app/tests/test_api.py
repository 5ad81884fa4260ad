"""The API, with bucket and Redis replaced."""

import io
import re
from datetime import timedelta
from unittest.mock import patch

from botocore.exceptions import ClientError
from django.contrib.auth import get_user_model
from django.test import TestCase
from django.utils import timezone

from care.files import bucket, tasks
from care.files.models import FileUpload
from care.utils.jwks import tokens
from care.valuesets import index
from care.valuesets.models import Concept
from config.urls import urlpatterns


class FakeBucket:
    """The calls of boto3 that the app makes, over a dictionary."""

    def __init__(self):
        self.objects: dict[str, bytes] = {}

    def generate_presigned_url(self, action, Params, ExpiresIn):
        return f"https://{Params['Bucket']}.s3.example/{Params['Key']}?{action}&{ExpiresIn}"

    def get_object(self, Bucket, Key):
        if Key not in self.objects:
            raise ClientError({"Error": {"Code": "NoSuchKey"}}, "GetObject")
        return {"Body": Body(self.objects[Key])}

    def delete_object(self, Bucket, Key):
        self.objects.pop(Key, None)


class Body(io.BytesIO):
    def iter_chunks(self, size):
        return iter(lambda: self.read(size), b"")


class ApiTest(TestCase):
    def setUp(self):
        self.bucket = FakeBucket()
        replaced = patch.object(bucket, "_client", lambda: self.bucket)
        replaced.start()
        self.addCleanup(replaced.stop)
        self.user = get_user_model().objects.create_user("nurse", password="right")
        self.headers = {"Authorization": f"Bearer {tokens.issue(str(self.user.pk))}"}

    def post(self, path, body=None):
        return self.client.post(path, body or {}, content_type="application/json", headers=self.headers)

    def upload(self):
        return self.post("/api/v1/files/", {"name": "x-ray", "mime_type": "image/png"}).json()

    def test_the_first_page_names_the_addresses(self):
        with self.assertNumQueries(0):
            named = self.client.get("/").json()["addresses"]
        paths = {re.sub("<[^>]+>", "<>", str(each.pattern)) for each in urlpatterns} - {""}
        self.assertEqual({re.sub("<[^>]+>", "<>", name.split(" /")[1].split("?")[0]) for name in named}, paths)

    def test_ping_asks_nobody(self):
        with self.assertNumQueries(0):
            self.assertEqual(self.client.get("/ping/").json(), {"status": "OK"})

    def test_a_password_is_exchanged_for_a_token(self):
        def login(password):
            body = {"username": "nurse", "password": password}
            return self.client.post("/api/v1/auth/login/", body, content_type="application/json")

        self.assertEqual(tokens.subject_of(login("right").json()["access"]), str(self.user.pk))
        self.assertEqual(login("wrong").status_code, 401)

    def test_without_a_good_token_nobody_comes_in(self):
        good = self.headers["Authorization"]
        for header in ("", "Bearer ", f"{good}x", good.replace("Bearer", "Basic")):
            answer = self.client.get("/api/v1/valueset/diagnoses/", headers={"Authorization": header})
            self.assertEqual(answer.status_code, 401, header)

    def test_a_user_who_was_shut_out_stays_out(self):
        self.user.is_active = False
        self.user.save()
        self.assertEqual(self.post("/api/v1/files/").status_code, 401)

    def test_public_keys_have_no_private_half(self):
        [key] = self.client.get("/.well-known/jwks.json").json()["keys"]
        self.assertEqual(sorted(key), ["alg", "e", "kid", "kty", "n", "use"])

    def test_an_upload_has_a_link_to_the_bucket_and_no_name_of_the_user_in_it(self):
        made = self.upload()
        self.assertEqual(made["state"], "pending")
        self.assertEqual(made["signed_url"], f"https://uploads.s3.example/patient-files/{made['id']}?put_object&3600")

    def test_what_is_no_file_is_refused(self):
        for body in ({}, {"name": "x"}, {"name": "", "mime_type": "image/png"}, {"name": "x", "mime_type": "a b"}):
            self.assertEqual(self.post("/api/v1/files/", body).status_code, 400, body)

    def test_the_worker_notes_what_was_uploaded(self):
        made = self.upload()
        self.bucket.objects[f"patient-files/{made['id']}"] = b"content"
        with self.captureOnCommitCallbacks(execute=True):
            self.assertEqual(self.post(f"/api/v1/files/{made['id']}/mark_upload_completed/").status_code, 202)
        seen = self.client.get(f"/api/v1/files/{made['id']}/", headers=self.headers).json()
        self.assertEqual((seen["state"], seen["size"], seen["sha256"][:8]), ("ready", 7, "ed7002b4"))
        self.assertIn("get_object", seen["read_signed_url"])

    def test_what_was_not_uploaded_is_missing(self):
        made = self.upload()
        tasks.check_upload(made["id"])
        self.assertEqual(FileUpload.objects.get().state, "missing")

    def test_another_user_does_not_see_it(self):
        made = self.upload()
        other = get_user_model().objects.create_user("other", password="x")
        headers = {"Authorization": f"Bearer {tokens.issue(str(other.pk))}"}
        self.assertEqual(self.client.get(f"/api/v1/files/{made['id']}/", headers=headers).status_code, 404)

    def test_what_nobody_completed_is_forgotten_after_a_day(self):
        old, new, ready = (self.upload()["id"] for _ in range(3))
        self.bucket.objects[f"patient-files/{old}"] = b"half"
        FileUpload.objects.exclude(pk=new).update(created_at=timezone.now() - timedelta(hours=25))
        FileUpload.objects.filter(pk=ready).update(state="ready")
        self.assertEqual(tasks.forget_abandoned(), 1)
        self.assertEqual({str(upload.pk) for upload in FileUpload.objects.all()}, {new, ready})
        self.assertEqual(self.bucket.objects, {})

    def test_without_an_index_the_database_is_searched(self):
        Concept.objects.create(valueset="diagnoses", code="D01", display="Dengue fever")
        with patch.object(index, "find", side_effect=index.NoIndex):
            answer = self.client.get("/api/v1/valueset/diagnoses/?search=FEV", headers=self.headers)
        self.assertEqual(answer.json()["results"], [{"code": "D01", "display": "Dengue fever"}])
        self.assertEqual(answer.headers["X-Search"], "database")
