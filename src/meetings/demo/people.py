"""Invented people and the agencies of an invented city. Any likeness to office-holders is chance."""

from __future__ import annotations

CITY = "Vân Giang"
COUNCIL = f"Hội đồng nhân dân thành phố {CITY}"
COMMITTEE = f"Ủy ban nhân dân thành phố {CITY}"

CHAIR = "Nguyễn Thị Thanh Bình"
SECRETARY = "Trần Quang Khải"
OBSERVER = "Lương Thị Ngọc Diệp"
ADMINISTRATOR = "Phùng Gia Huy"

DELEGATES = (
    "Lê Minh Tâm", "Phạm Thị Hồng Nhung", "Hoàng Văn Lực", "Vũ Thị Mai Hương", "Đặng Quốc Trung",
    "Bùi Thị Lan Phương", "Đỗ Xuân Trường", "Ngô Thị Bích Thủy", "Dương Văn Kiên", "Lý Thị Thu Trang",
    "Phan Đình Nghĩa", "Trịnh Thị Kim Oanh", "Mai Văn Phúc", "Đinh Thị Thùy Dung", "Hồ Sỹ Lâm",
    "Cao Thị Minh Nguyệt", "Lâm Văn Sáng", "Tạ Thị Hoài An", "Chu Văn Đức", "Kiều Thị Diễm",
    "Quách Văn Hòa", "Tô Thị Yến", "Vi Văn Páo", "Nông Thị Hạnh", "Hà Đức Thắng",
    "Thái Thị Cẩm Vân", "Lưu Văn Quý", "Đoàn Thị Tuyết", "Phó Đức Anh", "Nghiêm Thị Loan",
    "Văn Đình Ân", "Tống Thị Xuân", "Giang Văn Hiếu", "Khúc Thị Ngà", "La Văn Thành",
    "Âu Thị Quỳnh", "Ông Văn Tiến", "Bạch Thị Sen", "Cù Văn Dũng", "Doãn Thị Hiền",
    "Đàm Văn Long", "Hứa Thị Nga", "Mạc Văn Sơn", "Nhâm Thị Đào", "Quan Văn Chính",
    "Sầm Thị Thơm", "Thân Văn Hùng", "Từ Thị Ánh", "Ứng Văn Ninh",
)  # fmt: skip
"""With the chair they fill 50 seats."""

AREAS = (
    "Phường Bến Nước",
    "Phường Cầu Tre",
    "Phường Đồng Lúa",
    "Phường Gò Mây",
    "Phường Hàng Dừa",
    "Phường Sông Trong",
)

COMMITTEES = (
    "Thường trực Hội đồng nhân dân",
    "Ban Kinh tế - Ngân sách",
    "Ban Pháp chế",
    "Ban Văn hóa - Xã hội",
    "Ban Đô thị",
)

AGENCIES = (
    ("Văn phòng Ủy ban nhân dân thành phố", "VP", "Thiều Văn Bách"),
    ("Sở Tài chính", "STC", "Viên Thị Hằng"),
    ("Sở Xây dựng", "SXD", "Lục Văn Toàn"),
    ("Sở Giáo dục và Đào tạo", "SGDĐT", "Ninh Thị Phượng"),
    ("Sở Y tế", "SYT", "Triệu Văn Khánh"),
    ("Sở Nông nghiệp và Môi trường", "SNNMT", "Khổng Thị Duyên"),
    ("Sở Nội vụ", "SNV", ""),
    ("Sở Công Thương", "SCT", ""),
    ("Sở Khoa học và Công nghệ", "SKHCN", ""),
    ("Sở Văn hóa, Thể thao và Du lịch", "SVHTTDL", ""),
    ("Sở Tư pháp", "STP", ""),
    ("Thanh tra thành phố", "TTTP", ""),
    ("Công an thành phố", "CATP", ""),
    ("Bộ Chỉ huy quân sự thành phố", "BCHQS", ""),
    ("Ban Quản lý các khu công nghiệp", "BQLKCN", ""),
    ("Ban Quản lý dự án đầu tư xây dựng", "BQLDA", ""),
    ("Trung tâm Phục vụ hành chính công", "TTHCC", ""),
    ("Trung tâm Phát triển quỹ đất", "TTPTQĐ", ""),
    ("Ủy ban nhân dân phường Bến Nước", "BN", ""),
    ("Ủy ban nhân dân phường Cầu Tre", "CT", ""),
    ("Ủy ban nhân dân phường Đồng Lúa", "ĐL", ""),
    ("Ủy ban nhân dân phường Gò Mây", "GM", ""),
    ("Ủy ban nhân dân phường Hàng Dừa", "HD", ""),
    ("Ủy ban nhân dân phường Sông Trong", "ST", ""),
)
"""Name, short name, and the officer who reports for it, where one has an account."""

BOARD = (
    ("Đào Trọng Khiêm", "Chủ tịch"), ("Ngô Thị Thu Hòa", "Phó Chủ tịch"), ("Tôn Thất Hậu", "Phó Chủ tịch"),
    ("Lại Văn Tuyên", "Phó Chủ tịch"), ("Phí Thị Nhàn", "Chánh Văn phòng"), ("Viên Thị Lệ", "Giám đốc Sở Tài chính"),
    ("Bành Văn Thuận", "Giám đốc Sở Xây dựng"), ("Ninh Đức Vượng", "Giám đốc Sở Giáo dục và Đào tạo"),
    ("Triệu Thị Sâm", "Giám đốc Sở Y tế"), ("Khổng Văn Rạng", "Giám đốc Sở Nông nghiệp và Môi trường"),
    ("Thẩm Thị Vui", "Giám đốc Sở Nội vụ"), ("Diệp Văn Cường", "Giám đốc Sở Công Thương"),
    ("Lã Thị Tố Nga", "Giám đốc Sở Khoa học và Công nghệ"),
    ("Ma Văn Dần", "Giám đốc Sở Văn hóa, Thể thao và Du lịch"), ("Phùng Thị Liễu", "Giám đốc Sở Tư pháp"),
    ("Tiêu Văn Hoạch", "Chánh Thanh tra"), ("Kim Văn Thịnh", "Giám đốc Công an thành phố"),
    ("Đồng Văn Bảo", "Chỉ huy trưởng Bộ Chỉ huy quân sự"), ("Nhữ Thị Hà", "Trưởng ban Quản lý các khu công nghiệp"),
    ("Trương Văn Đạt", "Giám đốc Ban Quản lý dự án"), ("Tăng Thị Mơ", "Giám đốc Trung tâm Phục vụ hành chính công"),
    ("Lò Văn Pành", "Ủy viên"), ("Huỳnh Thị Đoan", "Ủy viên"), ("Vương Văn Khoát", "Ủy viên"),
)  # fmt: skip
"""The members of the executive board, with their posts."""
