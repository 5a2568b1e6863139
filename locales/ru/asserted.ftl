# Вход и подтверждение личности по слову других: банк, подпись.

factor-bank = через банк
factor-signature = электронная подпись
action-link-added = Привязан способ входа
action-link-removed = Отвязан способ входа
action-link-mismatch = Данные не совпали, способ входа не привязан
action-identity-proven = Личность подтверждена
security-password-none = Пароля пока нет: вы входите другим способом. С паролем вы сможете войти, даже если тот способ станет недоступен.
security-password-first = Задать пароль
