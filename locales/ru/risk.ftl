# Необычные входы: что было необычно и что из этого следует.

risk-new-country = новая страна
risk-new-network = новая сеть
risk-impossible-travel = слишком быстрый переезд
risk-new-agent = новое устройство
risk-rate = слишком частые входы
risk-bad-address = адрес с плохой репутацией

risk-new-country-said = Новая страна: { $country }
risk-new-network-said = Новая сеть: { $network }
risk-impossible-travel-said = Слишком быстрый переезд: { $kilometres } км за { $minutes } мин
risk-new-agent-said = Новый браузер или система: { $agent }
risk-rate-said = Слишком частые входы: { $sign_ins } за { $minutes } мин
risk-bad-address-said = Сеть с плохой репутацией: { $network }
risk-rule-said = Необычный вход: { $rule }

status-refused = отклонён
history-reasons = Что необычно
action-restricted = Часть действий закрыта после необычного входа
action-restriction-lifted = Ограничение снято досрочно
action-sign-in-refused = Необычный вход отклонён
message-open-history = Открыть историю входов

sign-in-unusual-title = Мы не пустили вас
sign-in-unusual-text = Этот вход слишком не похож на прежние входы в эту учётную запись. Войдите с устройства, которым вы пользуетесь обычно. Если не получится, обратитесь в центр обслуживания с паспортом.

restricted-title = Часть действий временно закрыта
restricted-why = В вашу учётную запись вошли не так, как обычно: из другого места, с другого устройства, слишком быстро или после восстановления доступа. Если это были не вы, за это время чужой ничего не успеет.
restricted-until = Закрыто до
restricted-what = До этого времени нельзя менять телефон, почту и пароль, привязывать банки и подпись, удалять документы и входить на другие сайты. Остальное в кабинете работает.
restricted-sooner = Открыть раньше могут в центре обслуживания: придите с паспортом и СНИЛС.
restricted-return = Вернуться на сайт
restricted-history = Посмотреть историю входов
warning-restricted = После необычного входа часть действий закрыта до { $time }.
warning-restricted-action = Подробнее

message-sign-in-unusual-subject = Необычный вход
message-sign-in-unusual-text = { $time } в вашу учётную запись вошли: { $device }, { $place }. Необычно вот что: { $reasons }. Если это не вы, завершите сеанс и смените пароль.
message-sign-in-unusual-sms = Необычный вход в «Пропуск»: { $device }. Не вы? Завершите сеанс и смените пароль.

message-sign-in-restricted-subject = Часть действий временно закрыта
message-sign-in-restricted-text = { $time } в вашу учётную запись вошли: { $device }, { $place }. Необычно вот что: { $reasons }. Поэтому до { $until } нельзя менять контакты и пароль и входить на другие сайты. Открыть раньше могут в центре обслуживания: придите с паспортом.
message-sign-in-restricted-sms = Необычный вход в «Пропуск»: { $device }. Часть действий закрыта. Подробности в кабинете.

message-sign-in-refused-subject = Вход отклонён
message-sign-in-refused-text = { $time } кто-то ввёл ваши данные для входа: { $device }, { $place }. Мы его не пустили. Необычно вот что: { $reasons }. Если это не вы, смените пароль.
message-sign-in-refused-sms = Вход в «Пропуск» отклонён: { $device }. Ваш пароль знают. Не вы? Смените пароль.

message-restriction-lifted-subject = Ограничение снято
message-restriction-lifted-text = { $time } сотрудник снял ограничение: снова доступны все действия и сайты.
message-restriction-lifted-sms = «Пропуск»: ограничение снято, снова доступны все действия и сайты.
