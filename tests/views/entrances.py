"""What each address answers: nobody, a stranger with a wrong key, who asked for request 1, another person, an admin,
a key that reads, a key that may change things, and the webhook token of Seerr.

401: sign in first. 403: not for you. 404: not there, or not yours to know of. Forms are sent empty, so 400 means that
the form was read.
"""

ROWS = """
GET     /                                 401  401  200  200  200  200  200  401
GET     /wall                             401  401  200  200  200  200  200  401
GET     /board                            401  401  200  200  200  200  200  401
GET     /away                             401  401  200  200  200  200  200  401
GET     /events                           401  401  200  200  200  200  200  401
GET     /requests/1                       401  401  200  404  200  200  200  401
GET     /requests/1/watch                 401  401  404  404  404  404  404  401
POST    /requests/1/delete                401  401  403  403  303  403  303  401
GET     /posters/1                        404  404  200  404  200  200  200  404
GET     /api/requests                     401  401  200  200  200  200  200  401
GET     /api/requests/1                   401  401  200  404  200  200  200  401
DELETE  /api/requests/1                   401  401  403  403  204  403  204  401
GET     /api/summary                      401  401  200  200  200  200  200  401
GET     /api/openapi.json                 200  200  200  200  200  200  200  200
GET     /services                         401  401  403  403  200  403  200  401
POST    /services/radarr/radarr/test      401  401  403  403  404  403  404  401
POST    /services/examine                 401  401  403  403  303  403  303  401
POST    /services/radarr/radarr/examine   401  401  403  403  404  403  404  401
POST    /services/radarr/radarr/repair/trigger 401 401 403 403 404 403 404 401
POST    /services/stream                  401  401  204  204  204  403  204  401
GET     /sign-in                          200  200  303  303  303  303  303  200
POST    /sign-in                          401  401  401  401  401  401  401  401
GET     /sign-in/oidc                     404  404  404  404  404  404  404  404
GET     /sign-in/oidc/callback            404  404  404  404  404  404  404  404
POST    /sign-out                         303  303  303  303  303  303  303  303
GET     /join                             200  200  200  200  200  200  200  200
POST    /join                             400  400  400  400  400  400  400  400
GET     /account                          401  401  200  200  200  404  404  401
POST    /account/password                 401  401  303  303  303  403  404  401
POST    /account/sessions/9/end           401  401  303  303  303  403  404  401
POST    /account/sessions/end             401  401  303  303  303  403  404  401
GET     /history                          401  401  200  200  200  200  200  401
GET     /people                           401  401  403  403  200  403  403  401
POST    /people                           401  401  403  403  303  403  403  401
POST    /people/1/invite                  401  401  403  403  200  403  403  401
POST    /people/1/admin                   401  401  403  403  303  403  403  401
POST    /people/1/requester               401  401  403  403  303  403  403  401
POST    /people/1/bar                     401  401  403  403  303  403  403  401
POST    /people/1/admit                   401  401  403  403  303  403  403  401
POST    /people/1/remove                  401  401  403  403  303  403  403  401
POST    /people/1/end-sessions            401  401  403  403  303  403  403  401
GET     /keys                             401  401  403  403  200  403  403  401
POST    /keys                             401  401  403  403  400  403  403  401
POST    /keys/1/revoke                    401  401  403  403  404  403  403  401
POST    /keys/webhooks                    401  401  403  403  400  403  403  401
POST    /keys/webhooks/9/rotate           401  401  403  403  404  403  403  401
POST    /keys/webhooks/9/revoke           401  401  403  403  404  403  403  401
GET     /setup                            401  401  403  403  200  403  403  401
POST    /setup/address                    401  401  403  403  400  403  403  401
GET     /setup/radarr/radarr              401  401  403  403  200  403  403  401
POST    /setup/radarr/radarr              401  401  403  403  400  403  403  401
POST    /setup/radarr/radarr/test         401  401  403  403  400  403  403  401
POST    /setup/radarr/radarr/disconnect   401  401  403  403  404  403  403  401
POST    /setup/radarr/radarr/webhook      401  401  403  403  404  403  403  401
POST    /setup/radarr/radarr/verify       401  401  403  403  404  403  403  401
POST    /requests/1/links                 401  401  303  404  303  403  303  401
POST    /links/1/revoke                   401  401  303  404  303  403  303  401
GET     /links/1/qr.svg                   401  401  200  404  200  403  200  401
GET     /l/{link}                         200  200  200  200  200  200  200  200
GET     /l/{link}/events                  200  200  200  200  200  200  200  200
POST    /webhooks/seerr                   401  401  401  401  401  401  401  200
PUT     /webhooks/seerr                   401  401  401  401  401  401  401  200
POST    /webhooks/seerr/second            401  401  401  401  401  401  401  200
PUT     /webhooks/seerr/second            401  401  401  401  401  401  401  200
GET     /webhooks/proof/a-question        200  200  200  200  200  200  200  200
GET     /healthz                          200  200  200  200  200  200  200  200
GET     /readyz                           200  200  200  200  200  200  200  200
GET     /metrics                          401  401  403  403  200  200  200  401
GET     /manifest.webmanifest             200  200  200  200  200  200  200  200
GET     /offline.js                       200  200  200  200  200  200  200  200
GET     /static/js/page.js                200  200  200  200  200  200  200  200
GET     /static/css/all.x.css             200  200  200  200  200  200  200  200
"""
