session-warning-title = Sind Sie noch da?
session-warning-text = Zu Ihrer Sicherheit werden Sie in weniger als zwei Minuten abgemeldet.
session-final-text = Diese Sitzung lässt sich nicht weiter verlängern. Bitte schließen Sie ab, was Sie begonnen haben.
stay-signed-in = Angemeldet bleiben
session-note = Wenn Sie 30 Minuten lang keine Seite öffnen, werden Sie abgemeldet, nach 8 Stunden in jedem Fall.
token-wrong-title = So können wir Sie nicht einlassen
token-wrong-text = Die Seite, von der Sie kommen, hat etwas Unmögliches verlangt. Bitte teilen Sie { $merchant } mit:
