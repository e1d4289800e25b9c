"""Organizations, who belongs to them, and who is invited."""

from typing import Any, ClassVar

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from events import permissions, selectors, services
from events.api.asking import NUMBER, ORGANIZATION, PERSON, SLUG, UUID, OfOrganization, asker
from events.models import Invitation, Membership, Organization
from events.services.invitations import ADDRESS_LENGTH
from events.services.organizations import NAME_LENGTH
from events.views.asking import invitation_address
from hopin_backstage.rest.etags import check_if_match
from hopin_backstage.rest.fields import Strict, named
from hopin_backstage.rest.idempotency import idempotent
from hopin_backstage.rest.views import ApiViewSet, Listed, Retrieved


# --- Organizations ----------------------------
class OrganizationShown(serializers.ModelSerializer[Organization]):
    role = serializers.ChoiceField(
        choices=[*Membership.Role.choices, ("", "")],
        read_only=True,
        help_text="The asker's; empty: organizes events of it without being a member.",
    )

    class Meta:
        model = Organization
        fields: ClassVar[list[str]] = ["slug", "name", "role"]
        read_only_fields = fields


class OrganizationNamed(Strict):
    name = named(NAME_LENGTH)


@extend_schema(tags=["organizations"])
class Organizations(OfOrganization, Listed, Retrieved, ApiViewSet):
    """Those the asker belongs to, and those whose events they organize."""

    serializer_class = OrganizationShown
    filter_backends = []
    lookup_field = "slug"
    lookup_url_kwarg = "organization"
    lookup_value_regex = SLUG
    page_order = ("name", "pk")
    queryset = Organization.objects.none()

    def get_queryset(self) -> QuerySet[Organization]:
        user = asker(self.request)
        return selectors.with_role(selectors.organizations_of(user), user)

    @extend_schema(parameters=[ORGANIZATION])
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().retrieve(request, *args, **kwargs)

    @extend_schema(request=OrganizationNamed, responses={201: OrganizationShown})
    @idempotent
    def create(self, request: Request) -> Response:
        """The asker owns it. 409: `organization.too_many`."""
        wanted = self.body(request, OrganizationNamed)
        made = services.create_organization(actor=asker(request), name=wanted["name"])
        shown = self.show(self.get_queryset().get(pk=made.pk))
        return Response(shown, status=status.HTTP_201_CREATED)

    @extend_schema(parameters=[ORGANIZATION], request=OrganizationNamed, responses=OrganizationShown)
    @transaction.atomic
    def partial_update(self, request: Request, organization: str) -> Response:
        """Another name, by its owners and admins; the slug stays, since links to it are out there."""
        changed = _locked(self.organization())
        check_if_match(request, self.show(self.get_object()))
        wanted = self.body(request, OrganizationNamed, partial=True)
        if "name" in wanted:
            services.rename_organization(actor=asker(request), organization=changed, name=wanted["name"])
        return Response(self.show(self.get_object()))


def _locked(organization: Organization) -> Organization:
    """The row is the lock: what `If-Match` names must not change before the edit."""
    return Organization.objects.select_for_update().get(pk=organization.pk)


# --- Members ----------------------------
class MemberShown(serializers.ModelSerializer[Membership]):
    id = serializers.IntegerField(source="user_id", read_only=True, help_text="The person's.")
    name = serializers.CharField(source="user.display_name", read_only=True)
    email = serializers.SerializerMethodField(help_text="To owners and admins only, else null.")

    class Meta:
        model = Membership
        fields: ClassVar[list[str]] = ["id", "name", "email", "role"]
        read_only_fields = fields

    def get_email(self, membership: Membership) -> str | None:
        return membership.user.email if self.context["runs"] else None


class RoleGiven(Strict):
    role = serializers.ChoiceField(choices=Membership.Role.choices)


class MemberFilter(filters.FilterSet):
    role = filters.ChoiceFilter(choices=Membership.Role.choices)

    class Meta:
        model = Membership
        fields: ClassVar[list[str]] = []


@extend_schema(tags=["organizations"], parameters=[ORGANIZATION])
class Members(OfOrganization, Listed, Retrieved, ApiViewSet):
    """Who belongs to an organization; for its members."""

    serializer_class = MemberShown
    filterset_class = MemberFilter
    lookup_field = "user_id"
    lookup_url_kwarg = "person"
    lookup_value_regex = NUMBER
    page_order = ("pk",)
    queryset = Membership.objects.none()

    def get_queryset(self) -> QuerySet[Membership]:
        return selectors.members_of(self.organization())

    def get_serializer_context(self) -> dict[str, Any]:
        shown_to = self.request.user if self.request else None
        runs = shown_to is not None and permissions.may_run_organization(shown_to, self.organization())
        return {**super().get_serializer_context(), "runs": runs}

    def organization(self) -> Organization:
        """404 also where there is one whose members the asker may not see."""
        found = super().organization()
        if not permissions.may_see_members(self.request.user, found):
            raise Http404
        return found

    @extend_schema(parameters=[PERSON])
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().retrieve(request, *args, **kwargs)

    @extend_schema(parameters=[PERSON], request=RoleGiven, responses=MemberShown)
    @transaction.atomic
    def partial_update(self, request: Request, organization: str, person: str) -> Response:
        """Another role. 409: `organization.last_owner`."""
        locked = _locked(self.organization())
        member = self.get_object()
        check_if_match(request, self.show(member))
        wanted = self.body(request, RoleGiven, partial=True)
        if "role" in wanted:
            services.change_role(
                actor=asker(request), organization=locked, user=member.user, role=wanted["role"]
            )
        return Response(self.show(self.get_object()))

    @extend_schema(parameters=[PERSON], responses={204: None})
    def destroy(self, request: Request, organization: str, person: str) -> Response:
        """The person belongs to it no more, and organizes none of its events; oneself: leaves it.

        409: `organization.last_owner`.
        """
        user = self.get_object().user
        services.remove_member(actor=asker(request), organization=self.organization(), user=user)
        return Response(status=status.HTTP_204_NO_CONTENT)


# --- Invitations ----------------------------
class InvitationShown(serializers.ModelSerializer[Invitation]):
    invited_by = serializers.CharField(
        source="invited_by.display_name",
        read_only=True,
        allow_null=True,
        default=None,
        help_text="Null: the account is gone.",
    )
    is_expired = serializers.BooleanField(
        read_only=True, help_text="Its link works no more, until it is sent again."
    )

    class Meta:
        model = Invitation
        fields: ClassVar[list[str]] = [
            *("id", "email", "role", "invited_by", "created_at", "expires_at", "is_expired"),
        ]
        read_only_fields = fields


class InvitationNew(Strict):
    email = named(ADDRESS_LENGTH, help_text="409 where it is none: `invitation.address`.")
    role = serializers.ChoiceField(
        choices=Membership.Role.choices, required=False, default=Membership.Role.MEMBER
    )


@extend_schema(tags=["organizations"], parameters=[ORGANIZATION])
class Invitations(OfOrganization, Listed, Retrieved, ApiViewSet):
    """Who is invited and has not answered, the newest first; for owners and admins. Its link is only in the letter."""

    serializer_class = InvitationShown
    filter_backends = []
    lookup_value_regex = UUID
    page_order = ("-created_at", "-pk")
    queryset = Invitation.objects.none()

    def get_queryset(self) -> QuerySet[Invitation]:
        return selectors.open_invitations(self.organization()).select_related("invited_by", "organization")

    def organization(self) -> Organization:
        """404 also where there is one that the asker does not run."""
        found = super().organization()
        if not permissions.may_run_organization(self.request.user, found):
            raise Http404
        return found

    @extend_schema(request=InvitationNew, responses={201: InvitationShown})
    @idempotent
    def create(self, request: Request, organization: str) -> Response:
        """Sends a letter whose link works for seven days. 409: `invitation.exists`, `invitation.is_member`,
        `invitation.too_many`; and `invitation.letter_failed`, when it is made and only its letter has to be sent again.
        """
        made = services.invite(
            actor=asker(request),
            organization=self.organization(),
            address_of=invitation_address(request),
            **self.body(request, InvitationNew),
        )
        return Response(self._shown(made), status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses=InvitationShown)
    @action(detail=True, methods=["post"])
    @idempotent
    def resend(self, request: Request, organization: str, pk: str) -> Response:
        """A new letter, good for seven days; the link in the old one is dead."""
        again = services.resend(
            actor=asker(request), invitation=self.get_object(), address_of=invitation_address(request)
        )
        return Response(self._shown(again))

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, organization: str, pk: str) -> Response:
        """Takes it back: the link in the letter is dead."""
        services.withdraw(actor=asker(request), invitation=self.get_object())
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _shown(self, invitation: Invitation) -> dict[str, Any]:
        return self.show(self.get_queryset().get(pk=invitation.pk))
