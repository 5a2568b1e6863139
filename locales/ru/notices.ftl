# О чём и как рассказывать.

notice-settings-open = Настроить уведомления
notice-settings-title = Настройка уведомлений
notice-settings-lead = Отметьте, как рассказывать о каждом событии. Коды для входа приходят всегда.
notice-settings-save = Сохранить
notice-settings-saved = Сохранено.
notice-way-email = письмом на почту
notice-way-sms = сообщением на телефон
notice-way-inbox = в личном кабинете
notice-category-security = Безопасность
notice-about-security = Входы с новых устройств, пароль, контакты, подтверждение входа. Полностью отключить нельзя: оставьте хотя бы почту или телефон, чтобы узнать, если в запись войдёт кто-то другой.
notice-category-consents = Согласия
notice-about-consents = Кому и какие данные вы разрешили передавать.
notice-category-level = Уровень учётной записи
notice-about-level = Проверка данных и подтверждение личности.
notice-category-account = Учётная запись
notice-about-account = Изменения в ваших данных.
notice-category-support = Поддержка
notice-about-support = Ответы на ваши обращения.
notice-quiet = Тихие часы
notice-quiet-about = В это время мы не беспокоим: всё, кроме кодов и сообщений о безопасности, придёт позже. Время — ваше местное.
notice-quiet-on = Не беспокоить
notice-quiet-from = С
notice-quiet-until = До
problem-notices-security = Оставьте для безопасности хотя бы один способ, который до вас дойдёт: почту или телефон.
problem-notices-quiet = Тихие часы начинаются и заканчиваются в одно время. Выберите разное.

message-notices-changed-subject = Изменено, как мы предупреждаем об опасности
message-notices-changed-text = { $time } в вашем кабинете изменили, как мы рассказываем о входах и других событиях безопасности.
message-notices-changed-sms = «Пропуск»: изменено, как мы предупреждаем вас об опасности.
not-me-event-notices = Изменены уведомления о безопасности
action-notices-changed = Изменены настройки уведомлений
