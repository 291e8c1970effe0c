package dev.gitblobs.ops.command;

import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The names that users can have, as PROTOCOL.md 2 says: any other is wrong usage. */
final class UserName implements ITypeConverter<String> {
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

  @Override
  public String convert(String word) {
    if (!NAME.matcher(word).matches()) {
      throw new TypeConversionException(
          "'" + word + "' is no user's name: a-z, 0-9, '.', '_' and '-', at most 64");
    }
    return word;
  }
}
