import type { Command } from 'commander';

/** What can follow a command: its options, and the words that an option or argument takes. */
interface Completable {
  readonly name: string;
  readonly description: string;
  readonly words: readonly string[];
}

/** A completion script for the commands and options that `program` really has. */
export function toCompletion(shell: 'bash' | 'zsh' | 'fish', program: Command): string {
  const commands = program.commands.map(toCompletable);
  if (shell === 'fish') return toFish(commands);
  return shell === 'bash'
    ? toBash(commands)
    : `#compdef unleak\nautoload -U +X bashcompinit && bashcompinit\n${toBash(commands)}`;
}

function toCompletable(command: Command): Completable {
  const options = command.options.flatMap(({ long, short }) => [long, short]);
  const choices = [...command.options, ...command.registeredArguments].flatMap(
    ({ argChoices }) => argChoices ?? [],
  );
  const words = [...options, '--help', ...choices].filter((word) => typeof word === 'string');
  return { name: command.name(), description: command.description(), words };
}

function toBash(commands: readonly Completable[]): string {
  const cases = commands.map(({ name, words }) => `    ${name}) words="${words.join(' ')}" ;;`);
  return `_unleak() {
  local current="\${COMP_WORDS[COMP_CWORD]}" word command="" words=""
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in ${commands.map(({ name }) => name).join('|')}) command="$word"; break ;; esac
  done
  case "$command" in
    "") words="${commands.map(({ name }) => name).join(' ')} --help" ;;
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _unleak unleak`;
}

function toFish(commands: readonly Completable[]): string {
  const names = commands.map(
    ({ name, description }) =>
      `complete -c unleak -n __fish_use_subcommand -a ${name} -d '${description.replaceAll("'", '’')}'`,
  );
  const options = commands.flatMap(({ name, words }) =>
    words.map((word) => `complete -c unleak -n '__fish_seen_subcommand_from ${name}' ${toFishWord(word)}`),
  );
  return [...names, ...options].join('\n');
}

function toFishWord(word: string): string {
  if (word.startsWith('--')) return `-l ${word.slice(2)}`;
  return word.startsWith('-') ? `-s ${word.slice(1)}` : `-a ${word}`;
}
