session-warning-title = Bent u er nog?
session-warning-text = Voor uw veiligheid wordt u over minder dan twee minuten afgemeld.
session-final-text = Deze sessie kan niet langer duren. Rond af waar u mee bezig bent.
stay-signed-in = Aangemeld blijven
session-note = U wordt afgemeld als u 30 minuten lang geen pagina opent, en in elk geval na 8 uur.
token-wrong-title = Zo kunnen we u niet toelaten
token-wrong-text = De pagina waar u vandaan komt, vroeg iets wat niet kan. Meld dit aan { $merchant }:
