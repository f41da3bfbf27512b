"""Receive: what a source holds becomes messages of the desk; what it changed or took back is changed and taken back.

However often, and in whatever order, a source tells the same, the desk ends up with the same: a post is known by its
id within the source, and by its name ``everywhere`` among all sources; of its versions the latest stands; what is
gone stays gone.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from kuulo.desk.answered import join_answers, note_bounced
from kuulo.desk.aside import judge
from kuulo.desk.authors import blocked_among, keep_names, pseudonyms
from kuulo.desk.history import record
from kuulo.desk.identity import identity_of
from kuulo.desk.places import again, whereabouts
from kuulo.desk.privacy import for_work, keep_raw, same_text
from kuulo.desk.rows import add_messages, add_tags, ids_of
from kuulo.desk.seal import seal
from kuulo.desk.tag_words import tags_in
from kuulo.desk.withdraw import buried, remove, take_out
from kuulo.desk.words import search_text, search_texts
from kuulo.group.clean import clean
from kuulo.hear.connector import Bounced, Gone, Item, Post, Unread
from kuulo.hear.fit import fit
from kuulo.lang.identify import identify_all
from kuulo.models import Author, Delivery, EarlierText, Message, Placement, RawText, Sighting, Source, UnreadItem

_EARLY = timedelta(days=1)
_LONGEST = 200_000
Status = Message.Status


@dataclass(slots=True)
class Received:
    """What became of what a source told: how many items of each kind, and what was passed over, by reason."""

    added: int = 0
    known: int = 0
    changed: int = 0
    gone: int = 0
    unread: int = 0
    passed: dict[str, int] = field(default_factory=dict)


def receive(source: Source, items: Iterable[Item]) -> Received:
    """Store what a source told, all or nothing; call it in the transaction that saves the source's cursor too."""
    items = [fit(item) for item in items]
    marked = _marked(items)  # before the lock: it takes longest
    with transaction.atomic():
        # one at a time for each source, whoever brings it: what is known is looked up, then written
        held = Source.objects.select_for_update().get(pk=source.pk)
        return _Reception(held, marked, now=timezone.now()).take(items)


def _marked(items: Iterable[Item]) -> dict[str, str]:
    """Give each text and title as it is for work."""
    posts = [item for item in items if isinstance(item, Post) and not _is_too_long(item)]
    return {text: for_work(text) for text in {told for post in posts for told in (post.text, post.title)}}


class _Reception:
    """Takes in what one source told at one time."""

    def __init__(self, source: Source, marked: Mapping[str, str], *, now: datetime) -> None:
        self._source = source
        self._marked = marked
        self._now = now
        self._told = Received()
        self._pseudonyms: dict[str, str] = {}
        # what posts are called everywhere that are gone here, by identity
        self._gone_names: dict[str, str] = {}

    def take(self, items: Sequence[Item]) -> Received:
        latest = self._latest(items)
        known = self._known(latest.values())
        fresh = {identity: post for identity, post in latest.items() if identity not in known}
        for identity, item in latest.items():
            if message := known.get(identity):
                self._again(message, item)
        self._bury([identity for identity, item in fresh.items() if isinstance(item, Gone)])
        self._add({identity: item for identity, item in fresh.items() if isinstance(item, Post)})
        for identity, name in self._gone_names.items():
            self._take_back(identity, name)
        return self._told

    def _latest(self, items: Sequence[Item]) -> dict[str, Post | Gone]:
        """Keep one item for each post: the latest version, or that it is gone. Keep apart what cannot be taken."""
        latest: dict[str, Post | Gone] = {}
        unread = []
        own = self._own(items)
        blocked = blocked_among({item.author for item in items if isinstance(item, Post)}, self._source)
        for item in items:
            if isinstance(item, Bounced):
                note_bounced(self._source, item)
                self._pass("bounce")
            elif isinstance(item, Post) and item.author in blocked:
                self._pass("blocked")
            elif isinstance(item, Unread) or not item.id or _is_too_long(item):
                unread.append(item)
            elif item.id in own:
                self._pass("own")
            else:
                self._fold(latest, item)
        self._told.unread += len(unread)
        UnreadItem.objects.bulk_create(self._unread(item) for item in unread)
        return latest

    def _fold(self, latest: dict[str, Post | Gone], item: Post | Gone) -> None:
        """Let one of the tellings of a post stand for all."""
        identity = identity_of(item.id)
        before = latest.get(identity)
        self._told.known += before is not None
        latest[identity] = _later(before, item)
        if isinstance(latest[identity], Gone):
            for one in (before, item):
                if isinstance(one, Post) and one.everywhere:
                    self._gone_names[identity] = one.everywhere

    def _pass(self, reason: str) -> None:
        self._told.passed[reason] = self._told.passed.get(reason, 0) + 1

    def _own(self, items: Iterable[Item]) -> set[str]:
        """Give the ids that are replies of our own, coming back."""
        ids = {item.id for item in items if item.id}
        sent = Delivery.objects.filter(message__source=self._source, sent_id__in=ids)
        return set(sent.values_list("sent_id", flat=True))

    def _unread(self, item: Item) -> UnreadItem:
        raw = item.raw.decode("utf-8", "replace") if isinstance(item, Unread) else ""
        code = item.code if isinstance(item, Unread) else "too-long" if item.id else "no-id"
        return UnreadItem(
            source=self._source,
            code=code[:40],
            origin_id=item.id[:500],
            raw=seal(raw, "unread") if raw else b"",
            came=self._now,
        )

    def _known(self, items: Iterable[Post | Gone]) -> dict[str, Message]:
        """Give the messages that stand already, by identity: heard here, or the same post heard elsewhere."""
        items = list(items)
        identities = {identity_of(item.id): item for item in items}
        here = (
            Message.objects.filter(source=self._source, identity__in=identities)
            .select_related("raw")
            .defer("vector", "search_text")
        )
        found = {message.identity: message for message in here}
        seen = Sighting.objects.filter(source=self._source, identity__in=identities).select_related("message__raw")
        found |= {sighting.identity: sighting.message for sighting in seen}
        return found | self._seen_elsewhere(
            {
                item.everywhere: identity
                for identity, item in identities.items()
                if isinstance(item, Post) and item.everywhere and identity not in found
            }
        )

    def _seen_elsewhere(self, identities: Mapping[str, str]) -> dict[str, Message]:
        """Note the posts that another source brought before; ``identities`` by their name everywhere."""
        names = {name: identity for told, identity in identities.items() for name in (told, buried(told))}
        elsewhere = Message.objects.filter(everywhere__in=names).select_related("raw")
        found = {names[message.everywhere]: message for message in elsewhere.defer("vector", "search_text")}
        Sighting.objects.bulk_create(
            (Sighting(source=self._source, identity=one, message=message) for one, message in found.items()),
            ignore_conflicts=True,
        )
        return found

    def _again(self, message: Message, item: Post | Gone) -> None:
        """Deal with what is told of a message that stands."""
        if message.status == Status.SAFETY:
            # evidence stays as it was said, whatever its writer does now
            self._told.known += 1
        elif message.status == Status.GONE or message.gone:
            self._told.known += 1
            if (
                message.status == Status.GONE
                and not message.everywhere
                and isinstance(item, Post)
                and item.everywhere
            ):
                self._gone_names[message.identity] = item.everywhere
        elif isinstance(item, Gone):
            remove([message.pk], now=self._now)
            record("message-gone", message=message, source=self._source.pk)
            self._told.gone += 1
        elif self._is_newer(message, item):
            self._change(message, item)
            self._told.changed += 1
        else:
            self._told.known += 1

    def _is_newer(self, message: Message, post: Post) -> bool:
        raw = getattr(message, "raw", None)
        same = same_text(post.text, text=message.text, sealed=raw.sealed if raw else None)
        told = (self._marked[post.title][:300], post.supporters, _background(post))
        same = same and told == (message.title, message.supporters, message.background)
        if post.version and message.version:
            return post.version > message.version and not same
        return not same

    def _change(self, message: Message, post: Post) -> None:
        """Let the new version stand. A text that a machine placed is placed anew; what a person placed stays."""
        text = self._marked[post.text]
        if text != message.text:
            EarlierText.objects.create(message=message, text=message.text, until=self._now)
            record("message-edited", message=message, source=self._source.pk)
            cleaned = clean(text)
            message.text, message.edited = text, self._now
            message.language = identify_all([text], [post.language])[0]
            message.search_text = search_text(text, message.language)
            if not message.placements.filter(by=Placement.By.PERSON).exists():
                take_out([message.pk])
                message.status, message.reason = cleaned.status or Status.NEW, cleaned.reason
                message.copy_of = None
            else:
                again.ask(since=message.pk)
            whereabouts.forget_text(message.pk)
            message.tags.clear()
            add_tags([(message.pk, _tags(post))])
        RawText.objects.filter(message=message).delete()
        keep_raw([(message, post.text)], now=self._now)
        message.version, message.title = post.version[:64], self._marked[post.title][:300]
        message.supporters, message.background = post.supporters, _background(post)
        judge(message, self._source, post.text)
        message.save()

    def _bury(self, identities: Sequence[str]) -> None:
        """Remember what was gone before it was heard, so that it is not taken in when it comes late."""
        Message.objects.bulk_create(
            (
                Message(
                    source=self._source,
                    identity=identity,
                    arrived=self._now,
                    dated=False,
                    status=Status.GONE,
                    gone=self._now,
                    text="",
                )
                for identity in identities
            ),
            ignore_conflicts=True,
        )
        self._told.gone += len(identities)

    def _take_back(self, identity: str, name: str) -> None:
        """Let a post that was gone here before its name was known be gone at every source that shows it."""
        standing = Message.objects.filter(everywhere=name).first()
        if standing and standing.status == Status.SAFETY:
            return  # evidence stays as it was said
        if standing:
            remove([standing.pk], now=self._now)
            record("message-gone", message=standing, source=self._source.pk)
            self._told.gone += 1
        elif not Message.objects.filter(everywhere=buried(name)).exists():
            Message.objects.filter(source=self._source, identity=identity).update(everywhere=buried(name))

    def _add(self, posts: Mapping[str, Post]) -> None:
        self._pseudonyms = pseudonyms({post.author for post in posts.values()}, self._source, now=self._now)
        authors = ids_of(Author.objects, "key", set(self._pseudonyms.values()))
        if self._source.by_name:
            named = {
                authors[self._pseudonyms[post.author]]: post.author_name for post in posts.values() if _has_name(post)
            }
            keep_names(named, now=self._now)
        texts = [self._marked[post.text] for post in posts.values()]
        languages = identify_all(texts, [post.language for post in posts.values()])
        read = zip(languages, search_texts(texts, languages), strict=True)
        rows = [self._row(*told, authors, *one) for told, one in zip(posts.items(), read, strict=True)]
        came = add_messages(rows)
        # another worker may have heard the same post elsewhere in this very moment
        missing = {row.everywhere: row.identity for row in rows if row.pk is None}
        self._told.known += len(self._seen_elsewhere(missing)) if missing else 0
        keep_raw([(row, posts[row.identity].text) for row in came], now=self._now)
        add_tags([(row.pk, _tags(posts[row.identity])) for row in came])
        self._join_threads(came)
        self._told.added += len(came)

    def _row(self, identity: str, post: Post, authors: Mapping[str, int], language: str, searched: str) -> Message:
        text = self._marked[post.text]
        cleaned = clean(text)
        dated = post.time is not None and post.time <= self._now + _EARLY
        latitude, longitude = post.place or (None, None)
        row = Message(
            source=self._source,
            identity=identity,
            origin_id=post.id[:500],
            everywhere=post.everywhere[:500],
            version=post.version[:64],
            form=post.form,
            title=self._marked[post.title][:300],
            channel=(post.channel or self._source.channel)[:60],
            thread=post.thread[:200],
            parent_origin=post.parent[:500],
            url=post.url if _is_page(post.url) else "",
            addressee=post.addressee[:200],
            private=post.private,
            latitude=latitude,
            longitude=longitude,
            supporters=post.supporters,
            attachments=[
                {"name": for_work(one.name), "type": one.type, "size": one.size} for one in post.attachments
            ],
            reply_to=dict(post.reply_to),
            language=language,
            arrived=post.time if dated and post.time else self._now,
            dated=dated,
            heard=self._now,
            author_id=authors.get(self._pseudonyms[post.author]),
            actor=post.actor[:12],
            background=_background(post),
            status=cleaned.status or Status.NEW,
            reason=cleaned.reason,
            text=text,
            search_text=searched,
        )
        judge(row, self._source, post.text)
        return row

    def _join_threads(self, came: Sequence[Message]) -> None:
        """Give each reply its parent, whichever of the two came first."""
        join_answers(self._source, came)
        wanted = {identity_of(row.parent_origin): row for row in came if row.parent_origin}
        parents = Message.objects.filter(source=self._source, identity__in=wanted).values_list("identity", "pk")
        for identity, pk in parents:
            children = [row.pk for row in came if row.parent_origin and identity_of(row.parent_origin) == identity]
            Message.objects.filter(pk__in=children).update(parent=pk)
        by_origin = {row.origin_id: row.pk for row in came}
        orphans = Message.objects.filter(source=self._source, parent=None, parent_origin__in=by_origin)
        for child, parent in orphans.exclude(parent_origin="").values_list("pk", "parent_origin"):
            Message.objects.filter(pk=child).update(parent=by_origin[parent])


def _later(before: Post | Gone | None, item: Post | Gone) -> Post | Gone:
    """Of two tellings of one post give the one that stands: gone is gone, else the later version."""
    if before is None or isinstance(item, Gone):
        return item
    if isinstance(before, Gone):
        return before
    return before if before.version > item.version else item


def _is_too_long(item: Item) -> bool:
    return isinstance(item, Post) and max(len(item.text), len(item.title)) > _LONGEST


def _is_page(address: str) -> bool:
    """Tell whether an address is one that a reader may be led to."""
    return len(address) <= 500 and address.lower().startswith(("https://", "http://"))


def _background(post: Post) -> list[list[str]]:
    return [[name, for_work(value)] for name, value in post.background]


def _has_name(post: Post) -> bool:
    return bool(post.author.strip() and post.author_name.strip())


def _tags(post: Post) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*tags_in(post.text), *(tag.lower()[:100] for tag in post.tags)]))
