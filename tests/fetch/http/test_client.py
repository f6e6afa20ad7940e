import gzip
import logging

import httpx
import orjson
import pytest
import respx

from iracing_sync.errors import AccessRefused, ApiUnavailable, DocumentError
from iracing_sync.fetch.http.client import ApiClient, http_client
from iracing_sync.rate_limit.allowance import with_refusal
from iracing_sync.rate_limit.pace import OwnKeeper

API_URL = "https://members-ng.iracing.com"
SERIES = f"{API_URL}/data/constants/divisions"
LINK = "https://scorpio-assets.s3.amazonaws.com/production/series.json"
SIGNED = f"{LINK}?X-Amz-Signature=presigned"


def link(url=SIGNED):
    return httpx.Response(200, json={"link": url, "expires": "2025-09-09T00:00:00Z"})


@respx.mock
def test_a_document_behind_a_link_is_fetched_without_our_token(api, calls):
    asked = respx.get(SERIES).mock(return_value=link())
    followed = respx.get(LINK).respond(content=b'[{"series_id":1}]')

    document = api.fetch("constants/divisions")

    assert document.body == b'[{"series_id":1}]'
    assert not document.from_cache
    assert asked.calls[0].request.headers["Authorization"] == "Bearer token-1"
    assert asked.calls[0].request.headers["User-Agent"].startswith("iracing-sync/")
    assert "Authorization" not in followed.calls[0].request.headers
    assert [(call.endpoint, call.http_status, call.attempt, call.cached) for call in calls] == [
        ("constants/divisions", 200, 1, "miss")
    ]


@respx.mock
def test_parameters_travel_in_the_query_and_in_the_ledger(api, calls):
    asked = respx.get(f"{API_URL}/data/series/seasons").respond(json=[])

    api.fetch("series/seasons", {"season_year": 2025, "season_quarter": 2}, cached="refresh")

    assert dict(asked.calls[0].request.url.params) == {"season_year": "2025", "season_quarter": "2"}
    assert (calls[0].params, calls[0].cached) == ({"season_year": 2025, "season_quarter": 2}, "refresh")


@respx.mock
def test_a_direct_answer_is_the_document(api):
    respx.get(f"{API_URL}/data/constants/categories").respond(content=b'[{"value":1}]')

    assert api.fetch("constants/categories").content == [{"value": 1}]


@pytest.mark.parametrize("nested", [False, True])
@respx.mock
def test_chunks_are_joined_into_one_array(api, nested):
    base = "https://scorpio.s3.amazonaws.com/chunks/"
    info = {"chunk_info": {"base_download_url": base, "chunk_file_names": ["1.json?sig=a", "2.json?sig=b"]}}
    respx.get(SERIES).respond(json={"type": "x", "data": info} if nested else info)
    respx.get(f"{base}1.json").respond(json=[1, 2])
    respx.get(f"{base}2.json").respond(json=[3])

    assert api.fetch("constants/divisions").body == b"[1,2,3]"


@respx.mock
def test_a_document_cut_in_half_is_refused(api):
    respx.get(SERIES).mock(return_value=link())
    respx.get(LINK).respond(content=b'[{"series_id":')

    with pytest.raises(DocumentError, match="constants/divisions"):
        api.fetch("constants/divisions")


@respx.mock
def test_a_web_page_means_that_iracing_is_closed_and_one_is_enough_to_know(api, calls):
    respx.get(SERIES).respond(html="<html>Welcome</html>")

    with pytest.raises(ApiUnavailable, match=r"in maintenance .*sent a page.*try again at"):
        api.fetch("constants/divisions")
    assert len(calls) == 1


@pytest.mark.parametrize(
    "body", [b"\xef\xbb\xbf[1]", gzip.compress(b"[1]", mtime=0), gzip.compress(b"\xef\xbb\xbf[1]", mtime=0)]
)
@respx.mock
def test_a_mark_at_the_beginning_and_gzip_without_its_header_are_simply_read(api, body):
    respx.get(SERIES).respond(content=body)

    document = api.fetch("constants/divisions")

    assert (document.body, document.content) == (b"[1]", [1])


ENDPOINTS_THAT_LIST = ("series/get", "series/seasons", "season/list", "track/get", "car/get", "carclass/get")
NO_DOCUMENTS = ({}, {"error": "Not Found"}, "text", None, 7, {"link": None}, {"expires": "soon"}, [1, 2], [{"id": 1}])


@pytest.mark.parametrize("content", NO_DOCUMENTS, ids=str)
@pytest.mark.parametrize("endpoint", ENDPOINTS_THAT_LIST)
@respx.mock
def test_what_is_not_what_its_endpoint_gives_is_no_document(api, calls, endpoint, content):
    respx.get(f"{API_URL}/data/{endpoint}").respond(content=orjson.dumps(content))

    with pytest.raises(DocumentError, match=f"{endpoint}: iRacing sent .* in place of a list of objects with"):
        api.fetch(endpoint)
    assert "in place of" in calls[-1].error


@respx.mock
def test_a_document_in_which_one_entry_is_at_fault_is_one(api):
    respx.get(f"{API_URL}/data/series/get").respond(json=[{"series_id": 3}, None, {"series_id": 4.0}])

    assert len(api.fetch("series/get").content) == 3


@respx.mock
def test_an_error_that_speaks_of_maintenance_is_maintenance_whatever_its_status(api):
    respx.get(f"{API_URL}/data/series/get").respond(json={"error": "Site Maintenance", "note": "back at noon"})

    with pytest.raises(ApiUnavailable, match=r"in maintenance \(Site Maintenance\)"):
        api.fetch("series/get")


@pytest.mark.parametrize("reset", ["1750000030000", "99999999999999999999", "4000000000", "1", "0"])
@respx.mock
def test_a_reset_in_milliseconds_or_of_a_clock_gone_wrong_is_waited_for_one_window_at_most(api, fake_time, reset):
    left = {"x-ratelimit-limit": "240", "x-ratelimit-remaining": "0", "x-ratelimit-reset": reset}
    respx.get(SERIES).mock(side_effect=[httpx.Response(429, headers=left), httpx.Response(200, json=[], headers=left)])
    fake_time.now = 1_750_000_000

    api.fetch("constants/divisions")

    assert sum(fake_time.slept) <= 62


@respx.mock
def test_a_token_that_ended_is_renewed_once(api, access, calls):
    asked = respx.get(SERIES).mock(side_effect=[httpx.Response(401), httpx.Response(200, json=[])])

    api.fetch("constants/divisions")

    assert access.rejected == ["token-1"]
    assert asked.calls[1].request.headers["Authorization"] == "Bearer token-2"
    assert [(call.http_status, call.attempt) for call in calls] == [(401, 1), (200, 2)]


@respx.mock
def test_a_second_401_is_final(api, access):
    respx.get(SERIES).respond(401, json={"error": "Unauthorized"})

    with pytest.raises(AccessRefused):
        api.fetch("constants/divisions")
    assert access.rejected == ["token-1"]


@respx.mock
def test_a_403_of_the_api_refuses_access(api):
    respx.get(SERIES).respond(403, json={"error": "insufficient_scope"})

    with pytest.raises(AccessRefused, match="insufficient_scope"):
        api.fetch("constants/divisions")


@pytest.mark.parametrize("status", [400, 404])
@respx.mock
def test_a_wrong_question_is_not_asked_twice(api, calls, status):
    respx.get(SERIES).respond(status, json={"error": "Bad Request", "message": "season_id is missing"})

    with pytest.raises(DocumentError, match=r"constants/divisions.*Bad Request; season_id is missing"):
        api.fetch("constants/divisions")
    assert len(calls) == 1


@respx.mock
def test_a_link_that_ended_is_asked_for_again(api, calls):
    respx.get(SERIES).mock(return_value=link())
    respx.get(LINK).mock(side_effect=[httpx.Response(403, text="<Error/>"), httpx.Response(200, json=[])])

    assert api.fetch("constants/divisions").body == b"[]"
    assert [call.attempt for call in calls] == [1, 2]


@respx.mock
def test_two_links_refused_in_a_row_give_the_document_up(api, calls):
    respx.get(SERIES).mock(return_value=link())
    respx.get(LINK).respond(403)

    with pytest.raises(DocumentError, match="two links"):
        api.fetch("constants/divisions")
    assert len(calls) == 2


@respx.mock
def test_a_429_is_waited_out_until_the_reset(api, fake_time, calls):
    headers = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(fake_time.now) + 30)}
    respx.get(SERIES).mock(side_effect=[httpx.Response(429, headers=headers), httpx.Response(200, json=[])])

    api.fetch("constants/divisions")

    assert 30 < sum(fake_time.slept) < 33
    assert [(call.http_status, call.rate_limit_remaining) for call in calls] == [(429, 0), (200, None)]


@respx.mock
def test_a_429_holds_back_everyone_who_shares_the_allowance(access, http, calls, fake_time):
    keeper = OwnKeeper()
    clock = {"sleep": fake_time.sleep, "clock": fake_time.clock}
    one, other = (ApiClient(API_URL, access, keeper=keeper, ledger=calls.append, http=http, **clock) for _ in range(2))
    headers = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(fake_time.now) + 30)}
    respx.get(SERIES).mock(side_effect=[httpx.Response(429, headers=headers)] + [httpx.Response(200, json=[])] * 2)
    begun = fake_time.now

    one.fetch("constants/divisions")
    other.fetch("constants/divisions")

    assert [call.at.timestamp() - begun >= 30 for call in calls] == [False, True, True]


@respx.mock
def test_who_sleeps_while_the_account_is_refused_sleeps_on(access, http, calls, fake_time):
    keeper = OwnKeeper()
    begun = fake_time.now

    def refused_while_asleep(seconds):
        fake_time.sleep(seconds)
        if len(fake_time.slept) == 1:
            keeper.change(lambda allowance: (None, with_refusal(allowance, begun + 40)))

    api = ApiClient(
        API_URL,
        access,
        keeper=keeper,
        ledger=calls.append,
        http=http,
        sleep=refused_while_asleep,
        clock=fake_time.clock,
    )
    respx.get(SERIES).respond(json=[])

    api.fetch("constants/divisions")
    api.fetch("constants/divisions")

    assert [round(call.at.timestamp() - begun, 2) for call in calls] == [0, 40]


@respx.mock
def test_an_endless_429_is_given_up(api, calls):
    respx.get(SERIES).respond(429)

    with pytest.raises(ApiUnavailable, match="rate limit"):
        api.fetch("constants/divisions")
    assert 3 < len(calls) < 10


@respx.mock
def test_the_call_after_the_last_one_allowed_waits_for_the_reset(api, fake_time):
    headers = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(fake_time.now) + 20)}
    respx.get(SERIES).respond(json=[], headers=headers)

    api.fetch("constants/divisions")
    assert fake_time.slept == []
    api.fetch("constants/divisions")
    assert 20 <= sum(fake_time.slept) < 22


@respx.mock
def test_calls_are_spaced_evenly_and_links_do_not_count(api, fake_time):
    respx.get(SERIES).mock(return_value=link())
    respx.get(LINK).respond(json=[])

    for _ in range(5):
        api.fetch("constants/divisions")

    assert fake_time.slept == [0.25] * 4


@respx.mock
def test_maintenance_stops_at_once(api, calls):
    respx.get(SERIES).respond(503, json={"error": "Site Maintenance", "note": "until noon"})

    with pytest.raises(ApiUnavailable, match=r"maintenance .*until noon.*try again at 15:00 UTC"):
        api.fetch("constants/divisions")
    assert len(calls) == 1


@respx.mock
def test_passing_faults_are_tried_again(api, calls):
    faults = [httpx.Response(502), httpx.ReadTimeout("slow"), httpx.ConnectError("down")]
    respx.get(SERIES).mock(side_effect=[*faults, httpx.Response(200, json=[])])

    assert api.fetch("constants/divisions").body == b"[]"
    assert [(call.http_status, call.attempt) for call in calls] == [(502, 1), (None, 2), (None, 3), (200, 4)]


@respx.mock
def test_a_fault_that_lasts_is_given_up_after_four_tries(api, calls):
    respx.get(SERIES).respond(500)

    with pytest.raises(ApiUnavailable, match="constants/divisions: HTTP 500"):
        api.fetch("constants/divisions")
    assert len(calls) == 4


@respx.mock
def test_a_broken_link_is_tried_again_without_another_call(api, calls):
    respx.get(SERIES).mock(return_value=link())
    respx.get(LINK).mock(side_effect=[httpx.RemoteProtocolError("cut"), httpx.Response(200, json=[])])

    api.fetch("constants/divisions")

    assert len(calls) == 1


@respx.mock
def test_a_compressed_document_is_unpacked(api):
    respx.get(SERIES).mock(return_value=link())
    respx.get(LINK).respond(content=gzip.compress(b"[1]", mtime=0), headers={"Content-Encoding": "gzip"})

    assert api.fetch("constants/divisions").body == b"[1]"


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/x?sig=presigned",
        "https://amazonaws.com.evil.example/x?sig=presigned",
        "https://notamazonaws.com/x?sig=presigned",
        "http://scorpio.s3.amazonaws.com/x?sig=presigned",
        "http://127.0.0.1/x?sig=presigned",
        "https://me:presigned@s3.amazonaws.com/x",
        "file:///etc/passwd?sig=presigned",
        "https://s3.amazonaws.com:presigned/",
    ],
)
@respx.mock
def test_a_link_to_a_strange_host_is_not_followed(api, url):
    respx.get(SERIES).mock(return_value=link(url))

    with pytest.raises(DocumentError) as caught:
        api.fetch("constants/divisions")
    assert "presigned" not in str(caught.value)


@respx.mock
def test_plain_http_is_followed_on_loopback_where_the_api_is_there(access, http, calls):
    api = ApiClient("http://127.0.0.1:8000", access, ledger=calls.append, http=http)
    respx.get("http://127.0.0.1:8000/data/constants/divisions").mock(
        return_value=link("http://localhost:8000/s3/x?sig=1")
    )
    respx.get("http://localhost:8000/s3/x").respond(json=[])

    assert api.fetch("constants/divisions").body == b"[]"


@respx.mock
def test_no_presigned_query_and_no_token_is_logged_or_raised(api, calls, caplog):
    caplog.set_level(logging.DEBUG, logger="iracing_sync")
    respx.get(SERIES).mock(return_value=link())
    respx.get(LINK).mock(side_effect=[httpx.Response(200, json=[])] + [httpx.Response(500)] * 4)

    api.fetch("constants/divisions")
    with pytest.raises(ApiUnavailable) as caught:
        api.fetch("constants/divisions")

    seen = f"{caplog.text} {caught.value} {caught.value.__cause__} {calls}"
    assert "presigned" not in seen
    assert "token-1" not in seen


def test_the_http_client_keeps_addresses_out_of_the_log():
    with http_client() as client:
        assert not client.follow_redirects
    assert not logging.getLogger("httpx").isEnabledFor(logging.INFO)
