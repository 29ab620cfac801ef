session-warning-title = Czy nadal korzystasz ze strony?
session-warning-text = Ze względów bezpieczeństwa sesja zostanie zakończona za mniej niż dwie minuty.
session-final-text = Tej sesji nie można już przedłużyć. Prosimy dokończyć rozpoczętą czynność.
stay-signed-in = Pozostań w sesji
session-note = Sesja kończy się po 30 minutach bez otwarcia strony, a w każdym razie po 8 godzinach.
token-wrong-title = W ten sposób nie można wejść
token-wrong-text = Strona, z której następuje wejście, zażądała czegoś niemożliwego. Prosimy przekazać { $merchant }:
