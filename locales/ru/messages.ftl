# Письма, SMS и уведомления в кабинете.

mail-greeting = Здравствуйте!
mail-greeting-name = Здравствуйте, { $name }!
mail-footer = Это автоматическое письмо от системы «Пропуск», отвечать на него не нужно. Мы никогда не просим сообщить пароль или код.

message-code-sms = { $code } – код для регистрации в «Пропуске». Никому его не сообщайте.
message-code-subject = Код для регистрации: { $code }
message-code-text = { $count ->
    [one] Ваш код: { $code }. Он действует { $count } минуту.
    [few] Ваш код: { $code }. Он действует { $count } минуты.
   *[many] Ваш код: { $code }. Он действует { $count } минут.
  }
message-code-link = Можно и просто открыть ссылку, в том числе в другом браузере:
message-code-not-you = Если вы не регистрировались, ничего делать не нужно.
message-known-sms = Ваш номер пытались ещё раз зарегистрировать в «Пропуске». Учётная запись у вас уже есть: войдите по паролю. Если это не вы, ничего делать не нужно.
message-known-subject = У вас уже есть учётная запись
message-known-text = Ваш адрес пытались ещё раз зарегистрировать. Учётная запись у вас уже есть: войдите по паролю. Если это были не вы, ничего делать не нужно.

notice-registered-title = Учётная запись создана
notice-registered-text = Теперь вы можете входить на порталы региона.
notice-new-device-title = Вход с нового устройства
notice-new-device-text = { $time } в вашу учётную запись вошли: { $device }, { $place }. Если это не вы, завершите сеанс и смените пароль.
notice-new-device-sms = Вход в «Пропуск» с нового устройства: { $device }. Не вы? Смените пароль.
notice-locked-title = Вход по паролю закрыт на время
notice-locked-text = Пароль несколько раз ввели неверно, последний раз { $time }. Номер блокировки: { $block }.
notice-locked-sms = «Пропуск»: пароль несколько раз ввели неверно, вход закрыт на время. Номер блокировки { $block }.
notice-password-changed-title = Пароль изменён
notice-password-changed-text = Пароль изменён { $time }. Если это сделали не вы, немедленно обратитесь в службу поддержки.
notice-password-changed-sms = «Пропуск»: пароль изменён. Если это не вы, обратитесь в службу поддержки.
notice-sessions-ended-title = Сеансы завершены
notice-sessions-ended-text = { $time } на всех остальных устройствах выполнен выход.
notice-profile-changed-title = Личные данные изменены
notice-profile-changed-text = Личные данные изменены { $time }.
notice-consent-given-title = Дано согласие
notice-consent-given-text = Вы разрешили сайту «{ $site }» получать ваши данные.
notice-consent-withdrawn-title = Согласие отозвано
notice-consent-withdrawn-text = Сайт «{ $site }» больше не получает ваши данные.
notice-consent-ending-title = Согласие скоро закончится
notice-consent-ending-text = Согласие для сайта «{ $site }» действует до { $time }. Его можно продлить в кабинете.
notice-consent-lapsed-title = Срок согласия истёк
notice-consent-lapsed-text = Сайт «{ $site }» больше не получает ваши данные.
notice-replay-title = Сеанс на сайте прекращён
notice-replay-text = Ключ доступа сайта «{ $site }» попытались использовать повторно. Доступ закрыт; войдите на сайт ещё раз.
