# The whole vocabulary of our build files: a leaf file is a list of names.

find_package(PkgConfig REQUIRED)

# One INTERFACE target carries language, warnings and hardening for our own code (never for generated code).
# protobuf-c's __INIT macros cast const away; GCC knows that they come from a system header, clang does not.
# Nor does clang read uthash's FALLTHROUGH comments, or know a format that was checked before its va_list.
add_library(settled_warnings INTERFACE)
target_compile_options(settled_warnings INTERFACE
  -Wall -Wextra -Werror -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition -Wpointer-arith
  $<$<C_COMPILER_ID:GNU>:-Wcast-qual> -Wwrite-strings -Wundef -Wvla -Wformat=2 -Wswitch-enum -Wimplicit-fallthrough
  -fno-common -fstack-protector-strong
  $<$<C_COMPILER_ID:Clang>:-Wno-implicit-fallthrough -Wno-format-nonliteral -Wno-missing-field-initializers>)

# The pure core (base, policy, fold) is optimised across its files in programs that are shipped: a tenth of a fold's
# time. Its objects are ordinary ones, too: what links as settled_ordinary_link says, as the many tests do, takes those.
set(settled_whole_program $<$<AND:$<CONFIG:Release>,$<C_COMPILER_ID:GNU>>:-flto=auto>)
set(settled_ordinary_link $<$<AND:$<CONFIG:Release>,$<C_COMPILER_ID:GNU>>:-fno-lto>)
function(settled_optimise_whole name)
  target_compile_options(settled_${name} PRIVATE
    ${settled_whole_program} $<$<AND:$<CONFIG:Release>,$<C_COMPILER_ID:GNU>>:-ffat-lto-objects>)
endfunction()

# settled_module(name SOURCES ... NEEDS ... [LIBRARIES ...]): a static library `settled_<name>` that links only what it
# names. Arrows between folders are exactly the NEEDS lists; tests/house/arrows_test reads the #includes against them.
function(settled_module name)
  cmake_parse_arguments(M "" "" "SOURCES;NEEDS;LIBRARIES" ${ARGN})
  add_library(settled_${name} STATIC ${M_SOURCES})
  target_include_directories(settled_${name} PUBLIC ${PROJECT_SOURCE_DIR})
  target_link_libraries(settled_${name} PRIVATE settled_warnings)
  foreach(need ${M_NEEDS})
    target_link_libraries(settled_${name} PUBLIC settled_${need})
  endforeach()
  target_link_libraries(settled_${name} PUBLIC ${M_LIBRARIES})
endfunction()

# settled_program(name SOURCES ... NEEDS ... [LIBRARIES ...]): an executable in the build folder's bin/.
function(settled_program name)
  cmake_parse_arguments(P "" "" "SOURCES;NEEDS;LIBRARIES" ${ARGN})
  add_executable(${name} ${P_SOURCES})
  target_link_options(${name} PRIVATE ${settled_whole_program})
  target_link_libraries(${name} PRIVATE settled_warnings ${P_LIBRARIES})
  foreach(need ${P_NEEDS})
    target_link_libraries(${name} PRIVATE settled_${need})
  endforeach()
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
endfunction()

# settled_test(path/to/x_test.c NEEDS ... [LABEL unit]): a cmocka program; the path below tests/ becomes the test's
# name. One of label integration runs with a Kafka broker and a Redis (tests/services/with).
function(settled_test source)
  cmake_parse_arguments(T "" "LABEL" "NEEDS;LIBRARIES" ${ARGN})
  file(RELATIVE_PATH path ${PROJECT_SOURCE_DIR}/tests ${CMAKE_CURRENT_SOURCE_DIR}/${source})
  string(REGEX REPLACE "\\.c$" "" path ${path})
  string(REPLACE "/" "." name ${path})
  add_executable(${name} ${source})
  target_link_options(${name} PRIVATE ${settled_ordinary_link})
  target_link_libraries(${name} PRIVATE settled_warnings cmocka ${T_LIBRARIES})
  foreach(need ${T_NEEDS})
    target_link_libraries(${name} PRIVATE settled_${need})
  endforeach()
  target_compile_definitions(${name} PRIVATE SETTLED_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  if(NOT T_LABEL)
    set(T_LABEL unit)
  endif()
  set(services "")
  if(T_LABEL STREQUAL integration)
    set(services ${PROJECT_SOURCE_DIR}/tests/services/with)
  endif()
  add_test(NAME ${name} COMMAND ${services} $<TARGET_FILE:${name}> WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  set_tests_properties(${name} PROPERTIES
    LABELS ${T_LABEL} TIMEOUT 300 ENVIRONMENT SETTLED_BIN=${PROJECT_BINARY_DIR}/bin)
endfunction()
