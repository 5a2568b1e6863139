photographs-title = Подтвердить личность по фотографиям
photographs-about = Пришлите фотографии паспорта и себя с ним. Сотрудник центра сравнит их с вашими данными, идти никуда не нужно.
photographs-open = Загрузить фотографии
photographs-waiting = ждут сотрудника
photographs-waiting-about = Сотрудник сравнит фотографии с вашими данными. О решении мы сообщим.
photographs-withdraw = Отозвать и удалить фотографии
photographs-refused = отказано
photographs-expired = время вышло
photographs-page-about = Сотрудник сравнит фотографии с данными, которые сверены с реестрами, и уровень станет подтверждённым.
photographs-files = JPEG или PNG, до 5 МБ каждая. Снимайте при хорошем свете: буквы должны читаться, углы страниц — быть видны.
photographs-again = Файлы нужно выбрать заново: браузер не хранит их.
photograph-passport-main = Разворот паспорта с фотографией
photograph-passport-main-hint = Вторая и третья страницы целиком
photograph-passport-registration = Страница с регистрацией
photograph-passport-registration-hint = Последняя отметка о месте жительства
photograph-selfie = Вы с паспортом в руках
photograph-selfie-hint = Лицо и раскрытый паспорт рядом с ним, без очков и головного убора
photographs-consent = Согласен на обработку фотографий, чтобы подтвердить мою личность
photographs-consent-hint = Фотографии увидит только сотрудник, который принимает решение. Отозвать согласие можно, пока решения нет: фотографии удалятся.
photographs-kept-not = После решения они сразу удаляются.
photographs-kept = { $count ->
    [one] После решения они хранятся { $count } день и удаляются.
    [few] После решения они хранятся { $count } дня и удаляются.
   *[other] После решения они хранятся { $count } дней и удаляются.
  }
photographs-send = Отправить на проверку
photographs-queue-title = Фотографии на проверку
photographs-queue-link = Фотографии на проверку
photographs-queue-count = { $count ->
    [one] Ждёт { $count } заявка
    [few] Ждут { $count } заявки
   *[other] Ждёт { $count } заявок
  }
photographs-queue-oldest = Самая давняя отправлена
photographs-queue-about = Вы получите самую давнюю заявку из свободных. Пятнадцать минут её не увидит никто другой.
photographs-take = Взять заявку
photographs-none-free = Свободных заявок сейчас нет: их смотрят другие сотрудники.
photographs-case-title = Заявка с фотографиями
photographs-held-until = Ваша до
photographs-compare = Сверка с фотографиями
photographs-compare-about = Сравните каждое поле с паспортом на фотографиях и лицо — с фотографией в паспорте. Отметьте всё, что совпало.
photographs-enlarge = Открыть крупно
photographs-release-about = Не можете решить? Заявку возьмёт другой сотрудник.
photographs-release = Вернуть в очередь
photographs-lost = Этой заявки у вас больше нет: время вышло или по ней уже решили.
photographs-desk-confirmed = Личность подтверждена. Гражданин получил уведомление.
photographs-desk-refused = В подтверждении отказано. Гражданин увидит причину.
action-photographs-sent = Фотографии отправлены на проверку
action-photographs-opened = Сотрудник центра открыл фотографии
action-photographs-confirmed = Личность подтверждена по фотографиям
action-photographs-refused = В подтверждении по фотографиям отказано
action-photographs-withdrawn = Фотографии отозваны и удалены
action-photographs-expired = Фотографии удалены: решения не было вовремя
message-photographs-confirmed-subject = Личность подтверждена по фотографиям
message-photographs-confirmed-text = Сотрудник центра обслуживания сравнил ваши фотографии с данными. Уровень вашей учётной записи теперь подтверждённый. Если вы не отправляли фотографий, сообщите в поддержку.
message-photographs-confirmed-sms = «Пропуск»: ваша личность подтверждена по фотографиям. Не отправляли их? Напишите в поддержку.
message-photographs-refused-subject = По фотографиям в подтверждении отказано
message-photographs-refused-text = Сотрудник центра обслуживания не подтвердил личность по фотографиям. Причина указана в кабинете.
message-photographs-refused-sms = «Пропуск»: по фотографиям в подтверждении отказано, причина в кабинете.
message-photographs-expired-subject = Фотографии удалены без решения
message-photographs-expired-text = За отведённое время никто не проверил ваши фотографии, и мы их удалили. Отправьте их ещё раз или придите в центр обслуживания.
message-photographs-expired-sms = «Пропуск»: фотографии не успели проверить, они удалены. Отправьте ещё раз.
