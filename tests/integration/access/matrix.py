"""Who gets in where. A route without a row fails the test, and so does a row without a route.

`yes`: the page, or the work behind it, is reached. `login`: sent to sign in (an API: 401). `on`: sent elsewhere, since
there is something to do first. `no`: 403 or 404. `refused`: the work itself said no, in a sentence.
"""

#: Of the admin's own pages, all alike.
ADMIN = "admin:"

PAGES = """
                                        visitor stranger registered blocked member elsewhere organizer staff
GET  healthz                            yes     yes      yes        yes     yes    yes       yes       yes
GET  events:home                        yes     yes      yes        yes     yes    yes       yes       yes
GET  events:organization                login   no       no         no      yes    no        yes       no
GET  events:event                       yes     yes      yes        yes     yes    yes       yes       yes
POST events:register                    login   yes      yes        refused yes    yes       yes       yes
POST events:unregister                  login   yes      yes        yes     yes    yes       yes       yes
GET  backstage:room                     login   on       yes        no      on     on        yes       on
GET  backstage:stage                    login   on       yes        no      on     on        yes       on
GET  backstage:overview                 login   no       no         no      no     no        yes       no
GET  backstage:stage_tab                login   no       no         no      no     no        yes       no
POST backstage:set_delay                login   no       no         no      no     no        refused   no
GET  backstage:reset_link               login   no       no         no      no     no        yes       no
POST backstage:reset_link               login   no       no         no      no     no        yes       no
GET  media/<path:path>                  login   no       no         no      no     no        no        no
GET  account_login                      yes     on       on         on      on     on        on        on
GET  account_signup                     yes     on       on         on      on     on        on        on
GET  account_logout                     login   yes      yes        yes     yes    yes       yes       yes
GET  account_inactive                   yes     yes      yes        yes     yes    yes       yes       yes
GET  account_reauthenticate             login   yes      yes        yes     yes    yes       yes       yes
GET  account_email                      login   yes      yes        yes     yes    yes       yes       yes
GET  account_email_verification_sent    yes     yes      yes        yes     yes    yes       yes       yes
GET  account_change_password            login   yes      yes        yes     yes    yes       yes       yes
GET  account_set_password               login   on       on         on      on     on        on        on
GET  account_reset_password             yes     yes      yes        yes     yes    yes       yes       yes
GET  account_reset_password_done        yes     yes      yes        yes     yes    yes       yes       yes
GET  account_reset_password_from_key    yes     yes      yes        yes     yes    yes       yes       yes
GET  account_reset_password_from_key_done yes   yes      yes        yes     yes    yes       yes       yes
GET  account_confirm_login_code         login   on       on         on      on     on        on        on
GET  account_confirm_email              yes     yes      yes        yes     yes    yes       yes       yes
"""

#: Those behind the Backstage's own are asked while that one is open, as on the page.
SOCKETS = """
                                        visitor stranger registered blocked member elsewhere organizer staff
ws/backstage/<str:link_token>/          no      no       yes        no      no     no        yes       no
ws/backstage-media/<str:link_token>/    no      no       yes        no      no     no        yes       no
ws/backstage-preview/<str:link_token>/  no      no       no         no      no     no        yes       no
ws/moderation/<str:link_token>/         no      no       yes        no      no     no        yes       no
ws/stage/<uuid:stage_id>/               no      no       yes        no      no     no        yes       no
"""
