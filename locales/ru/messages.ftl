# Письма, SMS и уведомления в кабинете. У каждого вида три текста: -subject –
# тема письма и заголовок уведомления, -text – письмо и уведомление, -sms –
# SMS. SMS с кодом начинается с кода и не длиннее 70 знаков.

mail-greeting = Здравствуйте!
mail-footer = Это автоматическое письмо от системы «Пропуск», отвечать на него не нужно. Мы никогда не просим сообщить пароль или код.

message-open-registration = Продолжить регистрацию
message-open-sign-in = Войти
message-open-account = Открыть кабинет
message-open-security = Открыть настройки безопасности
message-open-consents = Открыть согласия

message-registration-code-subject = Код для регистрации: { $code }
message-registration-code-text = { $count ->
    [one] Введите этот код на странице регистрации. Он действует { $count } минуту и подходит один раз.
    [few] Введите этот код на странице регистрации. Он действует { $count } минуты и подходит один раз.
   *[many] Введите этот код на странице регистрации. Он действует { $count } минут и подходит один раз.
  }
message-registration-code-sms = { $code } – код для регистрации в «Пропуске». Никому его не сообщайте.
message-registration-code-link = Можно и просто открыть ссылку, в том числе в другом браузере:
message-registration-code-not-you = Если вы не регистрировались, ничего делать не нужно.

message-registration-contact-taken-subject = У вас уже есть учётная запись
message-registration-contact-taken-text = Ваш адрес или номер пытались ещё раз зарегистрировать. Учётная запись у вас уже есть: войдите по паролю. Если это были не вы, ничего делать не нужно.
message-registration-contact-taken-sms = Ваш номер пытались ещё раз зарегистрировать в «Пропуске». У вас уже есть учётная запись: войдите по паролю. Не вы? Ничего не делайте.

message-registered-subject = Учётная запись создана
message-registered-text = Теперь вы можете входить на порталы региона.
message-registered-sms = «Пропуск»: учётная запись создана. Теперь вы можете входить на порталы региона.

message-contact-code-subject = Код подтверждения: { $code }
message-contact-code-text = { $count ->
    [one] Введите этот код в кабинете, чтобы подтвердить контакт. Он действует { $count } минуту и подходит один раз.
    [few] Введите этот код в кабинете, чтобы подтвердить контакт. Он действует { $count } минуты и подходит один раз.
   *[many] Введите этот код в кабинете, чтобы подтвердить контакт. Он действует { $count } минут и подходит один раз.
  }
message-contact-code-sms = { $code } – код для подтверждения номера. Никому его не сообщайте.

message-contact-changed-subject = Контакт изменён
message-contact-changed-text = { $time } в вашей учётной записи указан новый контакт: { $contact }. Если это сделали не вы, немедленно смените пароль и обратитесь в службу поддержки.
message-contact-changed-sms = «Пропуск»: указан новый контакт { $contact }. Не вы? Смените пароль и обратитесь в поддержку.

message-profile-changed-subject = Личные данные изменены
message-profile-changed-text = Личные данные изменены { $time }.
message-profile-changed-sms = «Пропуск»: личные данные изменены { $time }.

message-new-device-subject = Вход с нового устройства
message-new-device-text = { $time } в вашу учётную запись вошли: { $device }, { $place }. Если это не вы, завершите сеанс и смените пароль.
message-new-device-sms = Вход в «Пропуск» с нового устройства: { $device }. Не вы? Смените пароль.

message-locked-subject = Вход по паролю закрыт на время
message-locked-text = Пароль несколько раз ввели неверно, последний раз { $time }. Вход по паролю закрыт до { $until }. Номер блокировки: { $block }.
message-locked-sms = «Пропуск»: пароль несколько раз ввели неверно, вход закрыт на время. Номер блокировки { $block }.

message-password-changed-subject = Пароль изменён
message-password-changed-text = Пароль изменён { $time }. Если это сделали не вы, немедленно обратитесь в службу поддержки.
message-password-changed-sms = «Пропуск»: пароль изменён. Если это не вы, обратитесь в службу поддержки.

message-session-ended-subject = Сеанс завершён
message-session-ended-text = { $time } завершён сеанс на устройстве { $device }.
message-session-ended-sms = «Пропуск»: завершён сеанс на устройстве { $device }.

message-sessions-ended-subject = Сеансы завершены
message-sessions-ended-text = { $time } на всех остальных устройствах выполнен выход.
message-sessions-ended-sms = «Пропуск»: на всех остальных устройствах выполнен выход.

message-consent-given-subject = Дано согласие
message-consent-given-text = Вы разрешили сайту «{ $site }» получать ваши данные.
message-consent-given-sms = «Пропуск»: вы разрешили сайту «{ $site }» получать ваши данные.

message-consent-changed-subject = Согласие изменено
message-consent-changed-text = Условия, на которых сайт «{ $site }» получает ваши данные, изменены.
message-consent-changed-sms = «Пропуск»: изменено согласие для сайта «{ $site }».

message-consent-withdrawn-subject = Согласие отозвано
message-consent-withdrawn-text = Сайт «{ $site }» больше не получает ваши данные.
message-consent-withdrawn-sms = «Пропуск»: сайт «{ $site }» больше не получает ваши данные.

message-consent-expiring-subject = Согласие скоро закончится
message-consent-expiring-text = Согласие для сайта «{ $site }» действует до { $time }. Его можно продлить в кабинете.
message-consent-expiring-sms = «Пропуск»: согласие для сайта «{ $site }» действует до { $time }.

message-consent-lapsed-subject = Срок согласия истёк
message-consent-lapsed-text = Сайт «{ $site }» больше не получает ваши данные.
message-consent-lapsed-sms = «Пропуск»: срок согласия для сайта «{ $site }» истёк.

message-grant-replayed-subject = Сеанс на сайте прекращён
message-grant-replayed-text = Ключ доступа сайта «{ $site }» попытались использовать повторно. Доступ закрыт; войдите на сайт ещё раз.
message-grant-replayed-sms = «Пропуск»: доступ сайта «{ $site }» закрыт, его ключ пытались использовать повторно.

message-open-level = Открыть уровень учётной записи

message-data-matched-subject = Данные совпали с реестрами
message-data-matched-text = Мы сверили ваши данные с государственными реестрами, всё совпало. Уровень вашей учётной записи теперь не ниже стандартного.
message-data-matched-sms = «Пропуск»: данные совпали с реестрами, уровень учётной записи повышен.
message-data-mismatch-subject = Данные не совпали с реестрами
message-data-mismatch-text = Не все данные, которые вы отправили, совпали с государственными реестрами. Посмотрите в кабинете, какие именно.
message-data-mismatch-sms = «Пропуск»: данные не совпали с реестрами. Подробности в кабинете.
message-snils-taken-subject = СНИЛС уже подтверждён в другой учётной записи
message-snils-taken-text = Вы отправили на проверку СНИЛС, который подтверждён в другой учётной записи. Если она ваша, войдите в неё.
message-snils-taken-sms = «Пропуск»: этот СНИЛС уже подтверждён в другой учётной записи.
message-snils-claimed-subject = Ваш СНИЛС указали в другой учётной записи
message-snils-claimed-text = Кто-то отправил на проверку ваши данные с вашим СНИЛС из другой учётной записи. Ему отказано. Если это были не вы, сообщите в поддержку: вашими документами мог воспользоваться чужой.
message-snils-claimed-sms = «Пропуск»: ваш СНИЛС указали в чужой учётной записи, ей отказано. Не вы? Напишите в поддержку.
message-link-added-subject = К учётной записи привязан новый способ входа
message-link-added-text = { $time } к вашей учётной записи привязан новый способ входа: { $site }. Теперь им можно войти. Если это сделали не вы, отвяжите его на странице безопасности и смените пароль.
message-link-added-sms = «Пропуск»: привязан новый способ входа: { $site }. Не вы? Отвяжите его в разделе «Безопасность».
message-link-removed-subject = Способ входа отвязан
message-link-removed-text = { $time } от вашей учётной записи отвязан способ входа: { $site }. Остальные сеансы завершены. Если это сделали не вы, смените пароль и сообщите в поддержку.
message-link-removed-sms = «Пропуск»: отвязан способ входа: { $site }. Не вы? Смените пароль и напишите в поддержку.
message-level-lowered-subject = Уровень учётной записи снижен
message-level-lowered-text = Срок данных, на которых держался уровень, истёк: например, пора было заменить паспорт. Отправьте новые данные на проверку, и уровень вернётся.
message-level-lowered-sms = «Пропуск»: уровень учётной записи снижен, срок документа истёк. Обновите данные в кабинете.
message-visit-confirmed-subject = Личность подтверждена
message-visit-confirmed-text = Сотрудник центра обслуживания сверил ваши документы. Уровень вашей учётной записи теперь подтверждённый. Если вы не приходили в центр, сообщите в поддержку.
message-visit-confirmed-sms = «Пропуск»: ваша личность подтверждена в центре обслуживания. Не приходили? Напишите в поддержку.
message-visit-refused-subject = В подтверждении личности отказано
message-visit-refused-text = Сотрудник центра обслуживания не подтвердил личность. Причина указана в кабинете.
message-visit-refused-sms = «Пропуск»: в подтверждении личности отказано, причина в кабинете.
