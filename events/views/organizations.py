"""The dashboard of an organization: its events, its name, who belongs to it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from events import permissions, selectors, services
from events.forms.members import InvitationForm, RoleForm, roles_to_give
from events.forms.organization import OrganizationForm
from events.models import Membership, Organization, User
from events.views.asking import invitation_address, signed_in
from events.views.members_list import page_of_members
from hopin_backstage.realtime import Refused


@login_required
@require_safe
def organization(request: HttpRequest, slug: str) -> HttpResponse:
    user = signed_in(request)
    shown = selectors.organization_for(user, slug)
    if shown is None:
        raise Http404
    events = selectors.events_run_by(user).filter(organization=shown)
    return render(
        request,
        "events/organization.html",
        {
            "frame": selectors.dashboard_frame(user, shown),
            "section": "events",
            "upcoming": selectors.upcoming(events),
            "past": selectors.past(events),
            "archived": selectors.archived_events_run_by(user).filter(organization=shown),
        },
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    form = OrganizationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.create_organization(actor=signed_in(request), name=form.cleaned_data["name"])
        except Refused as refusal:
            form.add_error("name", refusal.text)
        else:
            messages.success(request, _("%(organization)s is yours.") % {"organization": made})
            return redirect("events:organization", made.slug)
    return render(request, "events/organization_new.html", {"form": form})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def rename(request: HttpRequest, slug: str) -> HttpResponse:
    user = signed_in(request)
    shown = _organization_to_run(user, slug)
    form = OrganizationForm(request.POST or None, initial={"name": shown.name})
    if request.method == "POST" and form.is_valid():
        try:
            services.rename_organization(actor=user, organization=shown, name=form.cleaned_data["name"])
        except Refused as refusal:
            form.add_error("name", refusal.text)
        else:
            messages.success(request, _("The new name is saved."))
            return redirect("events:rename_organization", slug)
    frame = selectors.dashboard_frame(user, shown)
    return render(
        request, "events/organization_rename.html", {"frame": frame, "section": "settings", "form": form}
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def members(request: HttpRequest, slug: str) -> HttpResponse:
    """Who belongs to it; and for owners and admins, who is invited, and inviting."""
    user = signed_in(request)
    shown = _organization_with_members(user, slug)
    frame = selectors.dashboard_frame(user, shown)
    form = InvitationForm(request.POST or None, is_owner=frame.is_owner) if frame.runs else None
    if request.method == "POST":
        if form is None:
            raise Http404
        if form.is_valid() and _invite(request, shown, form):
            return redirect("events:members", slug)
    memberships, search = page_of_members(request, shown, by_address=frame.runs)
    return render(
        request,
        "events/members.html",
        {
            "frame": frame,
            "section": "members",
            "form": form,
            "is_owner": frame.is_owner,
            "is_last_owner": frame.is_owner and permissions.is_last_owner(user, shown),
            "roles": roles_to_give(is_owner=frame.is_owner),
            "memberships": memberships,
            "search": search,
            "invitations": selectors.open_invitations(shown) if frame.runs else None,
        },
    )


@login_required
@require_POST
def change_role(request: HttpRequest, slug: str, user_id: int) -> HttpResponse:
    """Whoever lowers their own role is asked once: they could not take it back."""
    user = signed_in(request)
    shown = _organization_with_members(user, slug)
    membership = _membership(shown, user_id)
    form = RoleForm(request.POST, is_owner=permissions.is_owner(user, shown))
    if not form.is_valid():
        messages.warning(request, _("You cannot give this role. Choose another."))
        return redirect("events:members", slug)
    role = form.cleaned_data["role"]
    if membership.user_id == user.pk and role != membership.role and "sure" not in request.POST:
        return _confirm_stepping_down(request, membership, role)
    changed = _did(
        request,
        services.change_role,
        actor=user,
        organization=shown,
        user=membership.user,
        role=role,
    )
    if changed:
        messages.success(
            request,
            _("%(name)s: %(role)s from now on.")
            % {"name": membership.user, "role": Membership.Role(role).label},
        )
    return redirect("events:members", slug)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def remove_member(request: HttpRequest, slug: str, user_id: int) -> HttpResponse:
    """Asks once. One's own membership: leaving."""
    user = signed_in(request)
    shown = _organization_with_members(user, slug)
    membership = _membership(shown, user_id)
    leaves = membership.user_id == user.pk
    if not leaves and not permissions.may_run_organization(user, shown):
        raise Http404
    if request.method != "POST":
        if leaves and permissions.is_last_owner(user, shown):
            # The page says why there.
            return redirect("events:members", slug)
        return _confirm_removal(request, membership, leaves=leaves)
    if not _did(request, services.remove_member, actor=user, organization=shown, user=membership.user):
        return redirect("events:members", slug)
    if leaves:
        messages.success(request, _("You have left %(organization)s.") % {"organization": shown})
        return redirect("events:home")
    messages.success(
        request,
        _("%(name)s no longer belongs to %(organization)s.")
        % {"name": membership.user, "organization": shown},
    )
    return redirect("events:members", slug)


def _invite(request: HttpRequest, shown: Organization, form: InvitationForm) -> bool:
    """False: the form says why not."""
    try:
        invitation = services.invite(
            actor=signed_in(request),
            organization=shown,
            address_of=invitation_address(request),
            **form.cleaned_data,
        )
    except Refused as refusal:
        if refusal.code == "invitation.letter_failed":
            messages.warning(request, refusal.text)
            return True
        form.add_error("email", refusal.text)
        return False
    messages.success(request, _("We have sent an invitation to %(email)s.") % {"email": invitation.email})
    return True


def _did(request: HttpRequest, service: Any, **named: Any) -> bool:
    """False: the next page says why not."""
    try:
        service(**named)
    except Refused as refusal:
        messages.warning(request, refusal.text)
        return False
    return True


def _confirm_stepping_down(request: HttpRequest, membership: Membership, role: str) -> HttpResponse:
    label = Membership.Role(role).label
    return _confirm(
        request,
        membership,
        title=_("Give up your role?"),
        text=_(
            "Your role in %(organization)s will be: %(role)s. Only somebody else can give the old one back."
        )
        % {"role": label, "organization": membership.organization},
        button=_("Give up my role"),
        hidden={"role": role, "sure": "1"},
    )


def _confirm_removal(request: HttpRequest, membership: Membership, *, leaves: bool) -> HttpResponse:
    words = {"name": membership.user, "organization": membership.organization}
    if leaves:
        return _confirm(
            request,
            membership,
            title=_("Leave %(organization)s?") % words,
            text=_(
                "You no longer see its dashboard and run none of its events. To come back, you need an invitation."
            ),
            button=_("Leave the organization"),
        )
    return _confirm(
        request,
        membership,
        title=_("Remove %(name)s?") % words,
        text=_("%(name)s no longer sees the dashboard of %(organization)s and runs none of its events.")
        % words,
        button=_("Remove %(name)s") % words,
    )


def _confirm(request: HttpRequest, membership: Membership, **asked: Any) -> HttpResponse:
    frame = selectors.dashboard_frame(signed_in(request), membership.organization)
    return render(request, "events/members_confirm.html", {"frame": frame, "section": "members", **asked})


def _organization_with_members(user: User, slug: str) -> Organization:
    shown = selectors.organization_for(user, slug)
    if shown is None or not permissions.may_see_members(user, shown):
        raise Http404
    return shown


def _organization_to_run(user: User, slug: str) -> Organization:
    shown = selectors.organization_for(user, slug)
    if shown is None or not permissions.may_run_organization(user, shown):
        raise Http404
    return shown


def _membership(shown: Organization, user_id: int) -> Membership:
    return get_object_or_404(shown.memberships.select_related("user", "organization"), user_id=user_id)
