// One glyph, one meaning; the rest of the console takes its icons from here.
export {
  IconActivity, IconAlertTriangle, IconArrowRight, IconArrowsExchange, IconBook, IconBuilding, IconCalendar, IconCheck, IconChevronDown, IconChevronLeft, IconChevronRight, IconCircleCheck, IconClipboardCheck,
  IconClock, IconCoffee, IconCopy, IconDeviceMobileMessage, IconDots, IconDropletOff, IconEdit, IconExternalLink, IconEye, IconFile, IconFilter, IconForms, IconHeadset, IconHistory, IconHome, IconInbox, IconInfoCircle, IconKeyboard,
  IconLanguage, IconLink, IconLock, IconLogout, IconMail, IconMapPin, IconMessageCircle, IconMessages, IconMicrophone, IconMoodSmile, IconMoon, IconNote, IconPaperclip, IconPhone, IconPhoto, IconPlayerPause, IconPlayerPlay, IconPlus, IconRefresh, IconRepeat,
  IconRotateClockwise, IconSearch, IconSend, IconSettings, IconShield, IconSpeakerphone, IconStar, IconSun, IconTag, IconTicket, IconTool, IconTransfer, IconTruck, IconUser, IconUserCheck, IconUserPlus, IconUsers, IconUsersGroup, IconVolume, IconVolumeOff, IconX,
  IconAlarmSnooze, IconArrowBackUp, IconArrowDown, IconChecks, IconHeart, IconSlash, IconUserSearch,
} from '@tabler/icons-react'
