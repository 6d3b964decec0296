export default ({ accuracy }) => accuracy / 2;
