# SPDX-License-Identifier: MIT
# embed.cmake: writes OUT, a C file with texts: of each NAME in NAMES an array hd_page_NAME, made of
# the files in the list NAME, one after the other.
#
#   cmake -DOUT=page_text.c -DNAMES=html -Dhtml=page.html -P embed.cmake
set(text "#include \"harness/report/page_text.h\"\n")
foreach(name IN LISTS NAMES)
    string(APPEND text "\nconst char hd_page_${name}[] = {\n")
    foreach(file IN LISTS ${name})
        file(READ ${file} bytes HEX)
        string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
        string(APPEND text "${bytes}\n")
    endforeach()
    string(APPEND text "0};\n")
endforeach()
file(WRITE ${OUT} "${text}")
