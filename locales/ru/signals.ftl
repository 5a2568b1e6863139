# Причины, о которых узнают сайты для своих журналов: что произошло с учётной записью.
signal-signed-out = Гражданин вышел
signal-ended-by-owner = Гражданин завершил сеанс с другого устройства
signal-password-changed = Пароль сменён
signal-blocked = Учётная запись закрыта
signal-replaced = На месте этого сеанса начат другой
signal-credential-password = Пароль сменён или отозван
signal-credential-key = Ключ безопасности или ключ доступа добавлен или удалён
signal-credential-app = Приложение с кодами добавлено или удалено
signal-credential-phone = Коды по SMS включены или выключены
signal-credential-email = Коды по электронной почте включены или выключены
