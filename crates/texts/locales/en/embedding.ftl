session-warning-title = Are you still there?
session-warning-text = For your safety you will be signed out in less than two minutes.
session-final-text = This session can’t last longer. Please finish what you are doing.
stay-signed-in = Stay signed in
session-note = You are signed out after 30 minutes without opening a page, and after 8 hours in any case.
token-wrong-title = We can’t let you in with this
token-wrong-text = The page that you come from asked for something that is not possible. Please tell { $merchant }:
